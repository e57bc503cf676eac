#!/bin/sh
# Makes the screenshots of this folder again: make.sh [NAME…]; shop-welcome.png is the demo shop's.
# Needs: tigervnc-standalone-server openbox zenity yad xterm mousepad galculator chromium imagemagick
# xdotool fonts-dejavu-core python3-gi gir1.2-gtk-3.0 python3-pyqt5. The fonts and the theme are the machine's own, so a picture may differ a
# little from the one that is kept; the tests assert texts and places, not pixels.
set -eu
cd "$(dirname "$0")"
display=:57
export DISPLAY=$display LANG=C.UTF-8 GTK_THEME=Adwaita NO_AT_BRIDGE=1
names=${*:-"forms entry yad terminal editor calculator desktop shop sizes struck unread controls half"}
home=$(mktemp -d)
export HOME=$home XDG_CONFIG_HOME=$home XDG_CACHE_HOME=$home
Xvnc $display -geometry 1280x800 -depth 24 -SecurityTypes None -rfbport 5957 -localhost >/dev/null 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; wait; rm -rf "$home"' EXIT
tries=100
while ! xdotool getdisplaygeometry >/dev/null 2>&1; do
  tries=$((tries - 1))
  [ $tries -gt 0 ] || { echo "no display $display after 10 s" >&2; exit 1; }
  sleep 0.1
done

shoot() { # NAME SECONDS COMMAND…
  name=$1 seconds=$2
  shift 2
  "$@" >/dev/null 2>&1 &
  app=$!
  sleep "$seconds"
  import -window root -define png:compression-level=9 "$name.png"
  kill $app 2>/dev/null || true
  wait $app 2>/dev/null || true
}

for name in $names; do
  case $name in
  forms) shoot forms 3 zenity --forms --title='New customer' --text='Enter the details' \
    --add-entry='First name' --add-entry='Last name' --add-entry='E-mail address' \
    --add-password='Password' --add-combo='Country' --combo-values='Portugal|Spain|Norway' ;;
  entry) shoot entry 3 zenity --question --width=460 --title='Question' --ok-label='Discard' \
    --cancel-label='Keep editing' --text='Discard the unsaved changes?\n\nThis cannot be undone.' ;;
  yad) shoot yad 3 yad --form --title='Printer settings' --width=520 --text='Printer settings' \
    --field='Name' --field='Copies:NUM' --field='Color printing:CHK' --field='Two sided:CHK' \
    --field='Paper:CB' --field='Comment' --button='Print test page:1' --button='Apply:0' \
    --button='Close:2' 'Office laser' '2!1..20!1' TRUE FALSE 'A4!A5!Letter' '' ;;
  terminal) shoot terminal 3 xterm -fa 'DejaVu Sans Mono' -fs 11 -geometry 90x30+40+30 \
    -bg '#101010' -fg '#d0d0d0' -e sh -c \
    'printf "tester@shop:~\$ systemctl status shop\n  shop.service - Corner shop\n   Loaded: loaded (/etc/systemd/system/shop.service; enabled)\n   Active: \033[1;32mactive (running)\033[0m since Mon 2026-03-16 08:14:02\n Main PID: 4711 (shopd)\n\nError: connection to port 8080 refused\n\033[31mfatal: disk full\033[0m\n"; sleep 30' ;;
  editor) printf 'Dear reader,\n\nthe quick brown fox jumps over the lazy dog.\nTotal: 1,234.56 EUR\nOrder number: A-10482-B\n' >"$home/letter.txt"
    shoot editor 4 mousepad "$home/letter.txt" ;;
  calculator) shoot calculator 4 galculator ;;
  desktop) openbox >/dev/null 2>&1 & wm=$!
    xterm -fn 6x13 -geometry 70x14+640+60 -e sh -c 'ls -l /usr/share/doc | head -12; sleep 30' &
    zenity --info --title='Backup' --text='The backup has finished.' >/dev/null 2>&1 &
    shoot desktop 4 yad --list --title='Users' --width=420 --height=260 --geometry=+60+420 \
      --column=Name --column=Role alice admin bob editor carol guest
    kill $wm 2>/dev/null || true
    xdotool search --onlyvisible --name . windowkill 2>/dev/null || true ;;
  sizes) set -- -size 900x640 xc:white -fill '#202020'
    y=6
    for size in 16 20 22 24 28 32 40 48; do
      y=$((y + size + 24))
      set -- "$@" -pointsize $size -font DejaVu-Sans -annotate "+20+$y" 'Fill in 11 lilies' \
        -font DejaVu-Sans-Bold -annotate "+460+$y" 'Fill in 11 lilies'
    done
    convert "$@" -define png:compression-level=9 sizes.png ;;
  struck | unread) chromium --headless --no-sandbox --disable-gpu --hide-scrollbars \
    --force-device-scale-factor=1 --window-size=1024,480 --user-data-dir="$home/chromium" \
    --screenshot="$name.png" "file://$PWD/$name.html" >/dev/null 2>&1 ;;
  controls) chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 \
      --window-size=1280,800 --user-data-dir="$home/chromium" --screenshot=controls.png \
      "file://$PWD/controls.html" >/dev/null 2>&1 ;;
  half) shoot half-gtk 3 /usr/bin/python3 half_gtk.py
    shoot half-qt 3 /usr/bin/python3 half_qt.py Fusion
    shoot half-qt-windows 3 /usr/bin/python3 half_qt.py Windows ;;
  shop) for part in '' '?words'; do
      set -- chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 \
        --window-size=1280,800 --user-data-dir="$home/chromium"
      if [ -z "$part" ]; then "$@" --screenshot=shop.png "file://$PWD/shop.html" >/dev/null 2>&1
      else "$@" --dump-dom "file://$PWD/shop.html$part" 2>/dev/null | sed -n '/<pre>/,/<\/pre>/p' |
        sed 's/.*<pre>//; s/<\/pre>.*//; s/&amp;/\&/g' >shop.words; fi
    done ;;
  esac
done
