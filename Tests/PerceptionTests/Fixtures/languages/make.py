#!/usr/bin/python3
"""Makes a window of GTK 3 in each language, and beside it where each of its texts is.

Needs python3-gi, gir1.2-gtk-3.0, fonts-dejavu-core and fonts-noto-cjk, and a display:
  DISPLAY=:1 ./make.py
"""
import json
import os

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("GdkPixbuf", "2.0")
gi.require_version("Gtk", "3.0")
from gi.repository import GdkPixbuf, Gtk, Pango  # noqa: E402

# Heading, label and value of two rows, two buttons, a sentence, a check box.
TEXTS = {
    "deu": ["Größe ändern", "Straße", "Löwenweg 7", "Währung", "1.250,50 €", "Übernehmen", "Löschen",
            "Die Änderungen wurden nicht gespeichert.", "Für später merken"],
    "fra": ["Préférences", "Prénom", "Zoé", "Numéro", "4711", "Enregistrer", "Réinitialiser",
            "Le fichier n’a pas été trouvé à cet endroit.", "Ouvrir au démarrage"],
    "pol": ["Ustawienia główne", "Imię", "Łukasz", "Hasło", "tajne 12", "Zapisz", "Wyłącz",
            "Wprowadzone zmiany zostały utracone.", "Pokaż następnym razem"],
    "ell": ["Ρυθμίσεις", "Όνομα", "Ελένη", "Πόλη", "Αθήνα", "Αποθήκευση", "Διαγραφή",
            "Οι αλλαγές δεν αποθηκεύτηκαν.", "Εμφάνιση στην εκκίνηση"],
    "rus": ["Настройки", "Имя", "Екатерина", "Город", "Москва", "Сохранить", "Удалить",
            "Произошла ошибка при сохранении файла.", "Показывать при запуске"],
    "ara": ["الإعدادات العامة", "الاسم", "فاطمة", "المدينة", "القاهرة", "حفظ", "إلغاء",
            "حدث خطأ عند حفظ الملف", "تذكر كلمة المرور"],
    "heb": ["הגדרות כלליות", "שם", "נועה", "עיר", "ירושלים", "שמירה", "ביטול",
            "אירעה שגיאה בשמירת הקובץ", "זכור את הסיסמה"],
    "jpn": ["設定の変更", "名前", "山田花子", "都市", "東京", "保存する", "キャンセル",
            "ファイルを保存できませんでした。", "次回から表示しない"],
    "chi_sim": ["系统设置", "姓名", "王小明", "城市", "上海", "保存", "取消",
                "无法保存文件，请稍后再试。", "下次不再显示"],
    "kor": ["환경 설정", "이름", "김민수", "도시", "서울", "저장", "취소",
            "파일을 저장하지 못했습니다.", "다음에 다시 보기"],
}
RIGHT_TO_LEFT = {"ara", "heb"}


def window(name, texts):
    rtl = name in RIGHT_TO_LEFT
    Gtk.Widget.set_default_direction(Gtk.TextDirection.RTL if rtl else Gtk.TextDirection.LTR)
    heading, one, one_value, two, two_value, save, delete, sentence, box = texts
    named = []

    def label(text, size=None):
        widget = Gtk.Label(label=text, xalign=1 if rtl else 0)
        if size:
            attributes = Pango.AttrList()
            attributes.insert(Pango.attr_scale_new(size))
            widget.set_attributes(attributes)
        named.append((text, widget))
        return widget

    def entry(text):
        widget = Gtk.Entry(text=text, can_focus=False)
        named.append((text, widget))
        return widget

    grid = Gtk.Grid(row_spacing=14, column_spacing=18, margin=20)
    grid.attach(label(heading, 1.5), 0, 0, 3, 1)
    grid.attach(label(one), 0, 1, 1, 1)
    grid.attach(entry(one_value), 1, 1, 2, 1)
    grid.attach(label(two), 0, 2, 1, 1)
    grid.attach(entry(two_value), 1, 2, 2, 1)
    grid.attach(label(sentence), 0, 3, 3, 1)
    check = Gtk.CheckButton(label=box, can_focus=False)
    named.append((box, check))
    grid.attach(check, 0, 4, 3, 1)
    for column, text in ((1, save), (2, delete)):
        button = Gtk.Button(label=text, can_focus=False)
        named.append((text, button))
        grid.attach(button, column, 5, 1, 1)
    top = Gtk.OffscreenWindow()
    top.add(grid)
    top.show_all()
    while Gtk.events_pending():
        Gtk.main_iteration()
    places = {}
    for text, widget in named:
        area = widget.get_allocation()
        places[text] = [area.x, area.y, area.width, area.height]
    drawn = top.get_pixbuf()
    width, height = drawn.get_width(), drawn.get_height()
    picture = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, False, 8, width, height)
    picture.fill(0xF6F5F4FF)
    drawn.composite(
        picture, 0, 0, width, height, 0, 0, 1, 1, GdkPixbuf.InterpType.NEAREST, 255)
    folder = os.path.dirname(os.path.abspath(__file__))
    picture.savev(f"{folder}/{name}.png", "png", [], [])
    with open(f"{folder}/{name}.json", "w", encoding="utf-8") as file:
        json.dump({"texts": texts, "places": places}, file, ensure_ascii=False, indent=1)
        file.write("\n")
    top.destroy()


settings = Gtk.Settings.get_default()
settings.set_property("gtk-theme-name", "Adwaita")
for name, texts in TEXTS.items():
    cjk = {"jpn": "Noto Sans CJK JP", "chi_sim": "Noto Sans CJK SC", "kor": "Noto Sans CJK KR"}
    settings.set_property("gtk-font-name", f"{cjk.get(name, 'DejaVu Sans')} 11")
    window(name, texts)
