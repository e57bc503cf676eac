#!/bin/sh
# Draws the screens of screens.html with a headless Chromium: run it after a change of that file.
set -eu
cd "$(dirname "$0")"
for name in empty filled wrong welcome cart; do
  chromium --headless --no-sandbox --hide-scrollbars --window-size=640,400 \
    --screenshot="$PWD/$name.png" "file://$PWD/screens.html#$name" 2>/dev/null
done
