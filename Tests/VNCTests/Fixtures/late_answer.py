# A window that shows at once what is done to it, and 150 ms after the end what came of it: a red bar.
import sys
import tkinter

root = tkinter.Tk()
root.geometry("640x480+0+0")
canvas = tkinter.Canvas(root, width=640, height=480, background="white", highlightthickness=0)
canvas.pack()
row = canvas.create_rectangle(20, 40, 620, 70, fill="white", outline="black")
thing = canvas.create_rectangle(100, 120, 140, 160, fill="black")
canvas.create_rectangle(20, 220, 620, 250, fill="white", outline="black")
typed = canvas.create_text(30, 235, anchor="w", text="")
clicks = []
waiting = None


def say(word):
    print(word, flush=True)


def answer():
    canvas.create_rectangle(20, 300, 620, 460, fill="red", outline="red")
    say("answered")


def answer_later(*rest):
    global waiting
    if waiting:
        root.after_cancel(waiting)
    waiting = root.after(150, answer)


def press(event):
    say("press")
    if 40 <= event.y <= 70:
        canvas.itemconfig(row, fill="blue")


def move(event):
    if event.y > 100:
        canvas.coords(thing, event.x - 20, event.y - 20, event.x + 20, event.y + 20)


def release(event):
    if event.y > 100:
        answer_later()


def key(event):
    canvas.itemconfig(typed, text=canvas.itemcget(typed, "text") + event.char)
    answer_later()


def twice(event):
    say("twice")
    answer_later()


canvas.bind("<Button-1>", press)
canvas.bind("<Double-Button-1>", twice)
canvas.bind("<B1-Motion>", move)
canvas.bind("<ButtonRelease-1>", release)
root.bind("<Key>", key)
root.update()
say("ready")
root.mainloop()
