// VNC
