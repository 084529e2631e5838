# Runs servers for a JVM and clears up after it. $1 is the folder for the servers' data.
#
# The JVM holds the other end of standard input and writes a name a line to have "$1/name.sh" run.
# However the JVM ends, its end of the pipe is closed; then every server still running is killed and
# the folder is removed. The folder tells the JVM what happened: name.pid, name.ended, name.log.
#
# A terminal's Ctrl-C reaches this process and the servers too, a CI's SIGTERM may. This process goes
# by its standard input alone. The servers obey SIGTERM, which is how the JVM stops them.
folder=$1
trap '' HUP INT QUIT TERM

run() {
  (
    (
      trap - TERM
      exec sh "$folder/$1.sh"
    ) </dev/null >>"$folder/$1.log" 2>&1 &
    pid=$!
    echo "$pid" >"$folder/$1.pid.new" && mv "$folder/$1.pid.new" "$folder/$1.pid"
    wait "$pid"
    echo $? >"$folder/$1.ended.new" && mv "$folder/$1.ended.new" "$folder/$1.ended"
  ) &
  until [ -e "$folder/$1.pid" ]; do sleep 0.02; done
}

mkdir -m 700 "$folder" || exit 1
: >"$folder/guarded"

while read -r name; do
  run "$name"
done

for file in "$folder"/*.pid; do
  [ -e "$file" ] || continue
  [ -e "${file%.pid}.ended" ] || kill -KILL "$(cat "$file")" 2>/dev/null
done
wait
rm -rf "$folder"
