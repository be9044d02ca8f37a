#!/usr/bin/env bash
# Packs every project under src/ in Release, deterministically: eng/pack.sh OUTPUT-DIRECTORY
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: eng/pack.sh OUTPUT-DIRECTORY" >&2; exit 2; }
output="$(mkdir -p "$1" && cd "$1" && pwd)"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. eng/dotnet-environment.sh
for project in src/*/*.csproj; do
    dotnet pack "$project" -c Release -v q -nodeReuse:false -p:ContinuousIntegrationBuild=true -o "$output"
done
