@echo off
rem Starts swag4j; needs a Java runtime of version 17 or newer, by JAVA_HOME or on the PATH.
rem SWAG4J_JAVA_OPTIONS: options for the Java runtime, for example -Xmx4g
setlocal

set "SWAG4J_JAR=%~dp0..\lib\swag4j.jar"

if not defined JAVA_HOME goto from_path
set "SWAG4J_JAVA=%JAVA_HOME%\bin\java.exe"
if exist "%SWAG4J_JAVA%" goto found
echo swag4j: JAVA_HOME must be a Java runtime of version 17 or newer, got %JAVA_HOME% 1>&2
exit /b 1

:from_path
for %%j in (java.exe) do set "SWAG4J_JAVA=%%~$PATH:j"
if defined SWAG4J_JAVA goto found
echo swag4j: needs a Java runtime of version 17 or newer, found no java: install one or set JAVA_HOME 1>&2
exit /b 1

:found
rem Class files of Java 17 are refused by older runtimes with a stack trace: ask for the version first.
set SWAG4J_VERSION=
set "SWAG4J_SAYS=%TEMP%\swag4j-%RANDOM%%RANDOM%.txt"
"%SWAG4J_JAVA%" -version 2>"%SWAG4J_SAYS%"
for /f "usebackq tokens=2,3" %%a in ("%SWAG4J_SAYS%") do if "%%a"=="version" set "SWAG4J_VERSION=%%~b"
del "%SWAG4J_SAYS%"
set SWAG4J_MAJOR=0
for /f "tokens=1,2 delims=.-+_" %%a in ("%SWAG4J_VERSION%") do (
  set "SWAG4J_MAJOR=%%a"
  if "%%a"=="1" set "SWAG4J_MAJOR=%%b"
)
if %SWAG4J_MAJOR% geq 17 goto start
if not defined SWAG4J_VERSION set SWAG4J_VERSION=unknown
echo swag4j: needs a Java runtime of version 17 or newer, %SWAG4J_JAVA% is of version %SWAG4J_VERSION%: set JAVA_HOME 1>&2
exit /b 1

:start
rem The archive "files" has no engine; what DJL says of that sounds like a platform that is not supported.
if defined PYTORCH_LIBRARY_PATH goto engine
if exist "%~dp0..\lib\pytorch-native-cpu-*.jar" goto engine
for %%c in (--help -h) do if "%~2"=="%%c" goto engine
for %%c in (quickstart train predict reinforce semi-supervised transfer) do if "%~1"=="%%c" goto no_engine
goto engine
:no_engine
echo swag4j: %~1 needs PyTorch's library, and this archive of the program has none: take the one named after your platform 1>&2
exit /b 1

:engine
if not defined OMP_WAIT_POLICY set OMP_WAIT_POLICY=PASSIVE
set SWAG4J_TIER=1
for %%c in (quickstart train predict low-precision semi-supervised reinforce transfer) do if "%~1"=="%%c" set SWAG4J_TIER=4
"%SWAG4J_JAVA%" -XX:+UseSerialGC -XX:TieredStopAtLevel=%SWAG4J_TIER% -Djava.awt.headless=true ^
  -Dswag4j.command=swag4j -Dorg.slf4j.simpleLogger.defaultLogLevel=warn ^
  -Dorg.slf4j.simpleLogger.log.ai.djl.util.cuda=error ^
  %SWAG4J_JAVA_OPTIONS% -jar "%SWAG4J_JAR%" %*
exit /b %ERRORLEVEL%
