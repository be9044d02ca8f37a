#!/usr/bin/env bash
# Writes the public surface of every package as it is now into src/*/PublicApi.txt; review the difference before committing it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. eng/dotnet-environment.sh
dotnet build -c Release -v q RemoteAccess.sln
REMOTEACCESS_ACCEPT_API=1 tests/RemoteAccess.EndToEnd.Tests/bin/Release/net10.0/RemoteAccess.EndToEnd.Tests -noLogo -noColor -class "RemoteAccess.Tests.Packaging.PublicApiTests" || true
git status --short -- 'src/*/PublicApi.txt'
