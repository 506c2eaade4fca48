#!/bin/sh
# Without exec the shell stays the first process, and passes no signal on.
echo starting
node server.ts
echo ended
