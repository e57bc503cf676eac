import sys
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication, QCheckBox, QStyleFactory, QVBoxLayout, QWidget

app = QApplication(sys.argv)
app.setStyle(QStyleFactory.create(sys.argv[1]))
window = QWidget()
window.resize(300, 200)
box = QVBoxLayout(window)
for name, state in [
    ("All files", Qt.PartiallyChecked), ("Pictures", Qt.Checked), ("Papers", Qt.Unchecked),
]:
    toggle = QCheckBox(name)
    toggle.setTristate(True)
    toggle.setCheckState(state)
    box.addWidget(toggle)
window.show()
app.exec_()
