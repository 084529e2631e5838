# Runs servers for a JVM and clears up after it. $1 is the folder for the servers' data.
#
# The JVM holds the other end of standard input and writes a name a line to have "$1/name.sh" run.
# However the JVM ends, its end of the pipe is closed; then every server still running is killed and
# the folder is removed. The folder tells the JVM what happened: name.pid, name.ended, name.log.
#
# The folder may be removed by others, so nothing here needs it to end a server. This shell alone
# holds the write end of a second pipe, descriptor 8; beside each server somebody reads its read
# end, descriptor 9, where nothing is ever written: its end is the order to kill, and comes too when
# this shell itself is killed.
#
# A terminal's Ctrl-C reaches this process and the servers too, a CI's SIGTERM may. This process goes
# by its standard input alone. The servers obey SIGTERM, which is how the JVM stops them.
folder=$1
trap '' HUP INT QUIT TERM

run() {
  (
    exec 8>&-
    (
      trap - TERM
      exec sh "$folder/$1.sh"
    ) </dev/null >>"$folder/$1.log" 2>&1 9<&- &
    pid=$!
    (
      read -r _ <&9
      kill -KILL "$pid"
    ) &
    watch=$!
    echo "$pid" >"$folder/$1.pid.new" && mv "$folder/$1.pid.new" "$folder/$1.pid"
    wait "$pid"
    status=$?
    kill -KILL "$watch"
    wait "$watch"
    echo "$status" >"$folder/$1.ended.new" && mv "$folder/$1.ended.new" "$folder/$1.ended"
  ) &
}

mkdir -m 700 "$folder" || exit 1
mkfifo -m 600 "$folder/life" || exit 1
# For reading and writing, or opening it would wait for the other end.
exec 8<>"$folder/life" 9<"$folder/life"
rm "$folder/life"
: >"$folder/guarded"

while read -r name; do
  run "$name"
done

exec 8>&-
wait
rm -rf "$folder"
