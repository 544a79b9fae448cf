#!/bin/sh
# What the tests need from the system: Chromium, zbarimg, tesseract with Vietnamese.
# Installs it where it may (root on Debian or Ubuntu); else names the one command.
set -u
have() { command -v "$1" >/dev/null 2>&1; }
chromium() { have chromium || have chromium-browser || have google-chrome || have google-chrome-stable; }
vie() { have tesseract && tesseract --list-langs 2>/dev/null | grep -qx vie; }
ready() { chromium && have zbarimg && vie; }
ready && exit 0
order="apt-get install -y chromium zbar-tools tesseract-ocr tesseract-ocr-vie"
if have apt-get && [ "$(id -u)" = 0 ]; then
  echo "Đang cài / installing: chromium zbar-tools tesseract-ocr-vie"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive $order -qq; } >/tmp/pos-system-packages.log 2>&1 || tail -n 5 /tmp/pos-system-packages.log
fi
ready && exit 0
echo "Thiếu chương trình cho kiểm thử. Hãy chạy / the tests lack programs; run:"
echo "    sudo $order"
exit 2
