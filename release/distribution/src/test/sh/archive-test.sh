#!/bin/sh
# Unpacks an archive into a folder with a blank in its name and uses the program as a person would.
# archive-test.sh ARCHIVE.tar.gz FOLDER
set -eu

archive=$1
folder="$2/a place"
fail() {
  echo "archive-test: $*" >&2
  exit 1
}

rm -rf "$2"
mkdir -p "$folder/links" "$folder/bin-of-old"
tar -xzf "$archive" -C "$folder"
home=$(echo "$folder"/swag4j-*)
for file in LICENSE README.txt THIRD-PARTY.txt bom.cdx.json bin/swag4j.cmd lib/swag4j.jar; do
  [ -s "$home/$file" ] || fail "$file is missing"
done

# By a link, twice: the second time with the archive of classes that the first has made.
ln -s "$home/bin/swag4j" "$folder/links/swag4j"
for time in first second; do
  out=$("$folder/links/swag4j" evaluate "$home/examples/test.csv" 2>/dev/null)
  case $out in *0.5640*1.0416*) ;; *) fail "the $time evaluate printed: $out" ;; esac
done
for stored in "$home"/lib/swag4j-*.jsa; do
  [ -s "$stored" ] || fail "no archive of classes was made"
done
# Who names a collector has it, also where Java's own variable does.
JAVA_TOOL_OPTIONS=-XX:+UseG1GC "$home/bin/swag4j" --version >/dev/null 2>&1 || fail "two collectors at once"
# Nothing is said of an archive that does not fit, and the numbers are the same.
for stored in "$home"/lib/swag4j-*.jsa; do
  chmod u+w "$stored"
  echo "not an archive" >"$stored"
done
all=$("$home/bin/swag4j" evaluate "$home/examples/test.csv" --quiet 2>&1)
[ "$all" = "$("$home/bin/swag4j" evaluate "$home/examples/test.csv" --quiet 2>/dev/null)" ] || fail "said: $all"
case $all in *0.5640*1.0416*) ;; *) fail "with a broken archive: $all" ;; esac

# The small jar for --master is there, Spark is not.
ls "$home"/lib/swag4j-spark-*.jar >/dev/null 2>&1 || fail "the jar for --master is missing"
ls "$home"/lib/ | grep -q '^spark-' && fail "Spark itself is packed"
out=$(SPARK_HOME= "$home/bin/swag4j" evaluate "$folder" --master spark://127.0.0.1:7077 2>&1) && fail "no Spark, and it ran"
case $out in *"--master needs an installation of Spark 4"*) ;; *) fail "said: $out" ;; esac

# No engine in this archive.
out=$("$home/bin/swag4j" quickstart 2>&1) && fail "trained without an engine"
case $out in *"take the one named after your platform"*) ;; *) fail "said: $out" ;; esac
"$home/bin/swag4j" train --help >/dev/null 2>&1 || fail "no help without an engine"

# No Java, and one that is too old.
printf '#!/bin/sh\necho "openjdk version \\"11.0.2\\"" >&2\n' >"$folder/bin-of-old/java"
chmod +x "$folder/bin-of-old/java"
out=$(JAVA_HOME= PATH="$folder/bin-of-old:/usr/bin:/bin" "$home/bin/swag4j" --version 2>&1) && fail "took Java 11"
case $out in *"needs a Java runtime of version 17 or newer"*"is of version 11"*) ;; *) fail "said: $out" ;; esac
out=$(JAVA_HOME="$folder/nowhere" "$home/bin/swag4j" --version 2>&1) && fail "took no Java"
case $out in *"JAVA_HOME must be a Java runtime of version 17 or newer, got "*nowhere) ;; *) fail "said: $out" ;; esac

rm -rf "$2"
echo "archive-test: passed"
