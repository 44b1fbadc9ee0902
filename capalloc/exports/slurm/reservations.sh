# Run it where scontrol reaches the controller, in the controller's time zone: a day begins at its midnight there.
#
#   sh reservations.sh             creates what is missing; what is there already stays as it is
#   sh reservations.sh --replace   first takes away reservations of an earlier plan that this one does not have, or not so
#   sh reservations.sh --dry-run   says what it would do, and does nothing
#   sh reservations.sh --help      says this
#
# It knows its own by their names, capalloc-SITE_DEMAND_FROM_UNTIL: those of other names, or of other sites, it never
# touches, whoever they are for. Give no reservation of yours such a name.
#
# What is over is left out, and what has begun begins now: Slurm creates no reservation in the past. Jobs that run in
# a reservation keep it from being taken away; that is said, and the script ends with 1.
set -uf
export LC_ALL=C
unset SLURM_TIME_FORMAT
now=$(date +%Y-%m-%dT%H:%M:%S)
replace='' dry='' code=0
for word in "$@"; do
  case $word in
    --replace) replace=yes ;;
    --dry-run) dry=yes ;;
    --help) sed -n '1d;/^#/!q;s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "reservations.sh: found $word, expected --replace, --dry-run or --help" >&2; exit 2 ;;
  esac
done

if [ -n "$replace" ] && [ -n "$only" ]; then
  echo "reservations.sh: has those of $only alone and cannot replace others; export without --period for that" >&2
  exit 2
fi

past() { expr "$1" '<=' "$now" >/dev/null; }
hosts() { scontrol show hostnames "$1" </dev/null | sort; }
there() { scontrol --oneliner show reservation "$@" 2>/dev/null </dev/null; }
word() {  # the value of a word, the first of its name, among others
  key=$1
  shift
  for pair in "$@"; do
    case $pair in "$key"=*) echo "${pair#*=}"; return ;; esac
  done
}
alike() {  # what is there, and the end, accounts and nodes that are planned
  shown=$1
  # shellcheck disable=SC2086  # words are apart by blanks, and patterns are off
  [ "EndTime=$(word EndTime $shown)" = "$2" ] && [ "Accounts=$(word Accounts $shown)" = "$3" ] &&
    [ "$(hosts "$(word Nodes $shown)")" = "$(hosts "${4#Nodes=}")" ]
}
act() {
  echo "scontrol $*" | cut -c 1-200
  [ -n "$dry" ] || scontrol "$@" >/dev/null </dev/null
}

take_away() {
  there | grep -E "^ReservationName=${mark}[A-Za-z0-9_-]+(_[0-9]{4}-[0-9]{2}-[0-9]{2}){2}(_[0-9]+)? " | {
    failed=0
    while read -r shown; do
      name=${shown%% *}
      # shellcheck disable=SC2046
      set -- $(planned | grep " $name ")
      [ "$#" -eq 7 ] && alike "$shown" "$5" "$6" "$7" && continue
      act delete reservation "${name#*=}" || failed=1
    done
    exit "$failed"
  }
}

create() {
  planned | {
    failed=0
    while read -r create reservation name start end account nodes; do
      past "${end#*=}" && continue
      past "${start#*=}" && start=StartTime=now
      shown=$(there "${name#*=}" | grep "^$name ")
      [ -n "$shown" ] && alike "$shown" "$end" "$account" "$nodes" && continue
      if [ -n "$shown" ] && [ -z "$replace" ]; then
        echo "reservations.sh: ${name#*=} is there, with other nodes, another end or account; --replace mends that" >&2
        failed=1
        continue
      fi
      act "$create" "$reservation" "$name" "$start" "$end" "$account" "$nodes" || failed=1
    done
    exit "$failed"
  }
}

if [ -n "$replace" ]; then take_away || code=1; fi
create || code=1
exit "$code"
