#!/bin/sh
echo starting
exec node server.ts
