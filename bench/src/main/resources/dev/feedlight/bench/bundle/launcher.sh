#!/bin/sh
# Runs Feedlight by the Java that lies beside it. Needs nothing but the driver of the GPU.
script=$0
case $script in */*) ;; *) script=./$script ;; esac
while [ -L "$script" ]; do
  link=$(readlink "$script") || exit 1
  case $link in
  /*) script=$link ;;
  *) script=${script%/*}/$link ;;
  esac
done
home=$(CDPATH='' cd -P "${script%/*}/.." && pwd) || exit 1

# JMH still uses sun.misc.Unsafe, about which the JVM would warn at every start of a benchmark.
exec "$home/runtime/bin/java" -Djava.awt.headless=true --sun-misc-unsafe-memory-access=allow --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
  -cp "$home/lib/feedlight.jar" dev.feedlight.bench.Main "$@"
