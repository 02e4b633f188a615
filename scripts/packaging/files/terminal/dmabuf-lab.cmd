@echo off
"%~dp0node.exe" "%~dp0out\main\terminal.js" %*
