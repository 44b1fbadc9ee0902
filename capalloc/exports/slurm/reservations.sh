# Run it where scontrol reaches the controller, in the controller's time zone: a day begins at its midnight there.
#
#   sh reservations.sh             creates what is missing; what is there already stays as it is
#   sh reservations.sh --replace   first takes away reservations of an earlier plan (NAME_FROM_UNTIL, both days) that this
#                                  one does not have, or not so
#   sh reservations.sh --dry-run   says what it would do, and does nothing
#
# What is over is left out, and what has begun begins now: Slurm creates no reservation in the past. Jobs that run in
# a reservation keep it from being taken away; that is said, and the script ends with 1.
set -u
export LC_ALL=C
unset SLURM_TIME_FORMAT
now=$(date +%Y-%m-%dT%H:%M:%S)
replace='' dry='' code=0
for word in "$@"; do
  case $word in
    --replace) replace=yes ;;
    --dry-run) dry=yes ;;
    *) echo "reservations.sh: found $word, expected --replace or --dry-run" >&2; exit 2 ;;
  esac
done

past() { expr "$1" '<=' "$now" >/dev/null; }
hosts() { scontrol show hostnames "$1" </dev/null | sort; }
word() { printf '%s\n' "$2" | tr ' ' '\n' | sed -n "s/^$1=//p" | head -n 1; }
shown() { scontrol --oneliner show reservation "$1" 2>/dev/null </dev/null | grep "^ReservationName=$1 "; }
alike() {
  [ "$(word EndTime "$1")" = "$(word EndTime "$2")" ] && [ "$(word Accounts "$1")" = "$(word Accounts "$2")" ] &&
    [ "$(hosts "$(word Nodes "$1")")" = "$(hosts "$(word Nodes "$2")")" ]
}
act() {
  echo "scontrol $*" | cut -c 1-200
  [ -n "$dry" ] || scontrol "$@" >/dev/null </dev/null
}

take_away() {
  scontrol --oneliner show reservation 2>/dev/null </dev/null |
    grep -E '^ReservationName=[A-Za-z0-9_-]+_[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{4}-[0-9]{2}-[0-9]{2}(_[0-9]+)? ' | {
      failed=0
      while read -r there; do
        name=$(word ReservationName "$there")
        wanted=$(planned | grep " ReservationName=$name ")
        [ -n "$wanted" ] && alike "$there" "$wanted" && continue
        act delete reservation "$name" || failed=1
      done
      exit "$failed"
    }
}

create() {
  planned | {
    failed=0
    while read -r line; do
      name=$(word ReservationName "$line") start=$(word StartTime "$line") end=$(word EndTime "$line")
      past "$end" && continue
      past "$start" && start=now
      there=$(shown "$name")
      [ -n "$there" ] && alike "$there" "$line" && continue
      if [ -n "$there" ] && [ -z "$replace" ]; then
        echo "reservations.sh: $name is there, with other nodes, another end or account; --replace mends that" >&2
        failed=1
        continue
      fi
      act create reservation "ReservationName=$name" "StartTime=$start" "EndTime=$end" \
        "Accounts=$(word Accounts "$line")" "Nodes=$(word Nodes "$line")" || failed=1
    done
    exit "$failed"
  }
}

if [ -n "$replace" ]; then take_away || code=1; fi
create || code=1
exit "$code"
