#!/bin/sh
# Lets processes work on a file system, shuts it down under them when a line comes in, and copies what is there
# after it was mounted again. Runs in a mount namespace of its own, so that mounts and loop devices go with it.
#
#   round.sh IMAGE OPTIONS DISK SHUT_DOWN COPY NODE PROGRAM ASSIGNMENT...
set -eu
image=$1 options=$2 disk=$3 shut_down=$4 copy=$5 node=$6 program=$7
shift 7

mount -o "$options" "$image" "$disk"
workers=
for assignment; do
  "$node" "$program" "$assignment" &
  workers="$workers $!"
done

read -r _ || true
"$shut_down" "$disk"
# They may have ended by themselves, at the first error.
kill -9 $workers 2>/dev/null || true
wait || true
umount "$disk"

mount -o "$options" "$image" "$disk"
cp "$disk"/runs.db* "$copy"
umount "$disk"
