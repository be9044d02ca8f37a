"""Who is compared: for each, the command that shares a display and the command that watches, reads the stamps and counts bytes.

Both are lines for the shell with {display} {port} {cport} {csv} {snap} {every} {home} filled in; ours also with {ours}, {published},
{built} and {viewer}. README.md, "The contract", says what they must do.
"""
import dataclasses
import sys

from place import HERE, REPOSITORY, TOOLS


@dataclasses.dataclass(frozen=True)
class Peer:
    agent: str | None
    viewer: str | None
    about: str
    lossless: bool = False
    counts_bytes: bool = True      # false: the relay counts, or the kernel


X0VNC = "X0tigervnc -display {display} -rfbport {port} -SecurityTypes None -localhost=1 -Log *:stderr:0"
X11VNC = "x11vnc -display {display} -rfbport {port} -localhost -nopw -forever -shared -noxkb -noclipboard -nocursor -quiet"
VNC_VIEWER = f"{TOOLS}/vncprobe 127.0.0.1 {{cport}} {{csv}} --snap-every {{every}} --snap-prefix {{snap}}"
SHADOW = "env HOME={home} XDG_CONFIG_HOME={home} freerdp-shadow-cli -auth /port:{port} /bind-address:127.0.0.1"
FREERDP_VIEWER = (f"{sys.executable} {HERE}/gui_viewer.py --port {{cport}} --csv {{csv}} --snap {{snap}} --command "
                  "'env HOME={home} XDG_CONFIG_HOME={home} xfreerdp /v:127.0.0.1:{cport} /cert:ignore /u:a /p:b /f %s /log-level:OFF'")
OUR_AGENT = "{%s} run --state {ours}/state --display {display} --surface none --listen 127.0.0.1:{port}"
OUR_VIEWER = ("{viewer} probe --grant {ours}/grant.pem --sign-with {ours}/tenant --technician Benchmark --code-from {ours}/code "
              "--connect 127.0.0.1:{cport} --csv {csv} --snap-prefix {snap} --snap-every {every}")

PEERS = {
    "none": Peer(None, None, "the player alone: what the X server costs without anybody watching"),
    "ours": Peer(OUR_AGENT % "published", OUR_VIEWER, "default mode, the agent as a customer gets it (`dotnet publish -r`: one native program), and so the viewer; encrypted and padded"),
    "ours-lossless": Peer(OUR_AGENT % "published", OUR_VIEWER + " --lossless", "the same agent; the viewer asks for exact pictures only", lossless=True),
    "ours-built": Peer(OUR_AGENT % "built", OUR_VIEWER, "default mode, the agent as `dotnet build -c Release` makes it"),
    "x0vnc": Peer(X0VNC, VNC_VIEWER, "TigerVNC's x0vncserver: Tight, quality 8, compression 2 (the defaults of its viewer); not encrypted"),
    "x0vnc-lossless": Peer(X0VNC, VNC_VIEWER + " --no-jpeg", "x0vncserver: Tight without JPEG; not encrypted", lossless=True),
    "x11vnc": Peer(X11VNC, VNC_VIEWER, "x11vnc: Tight, quality 8, compression 2; not encrypted"),
    "freerdp": Peer(SHADOW, FREERDP_VIEWER % "/gfx", "FreeRDP's shadow server and xfreerdp /gfx on a second X server, read from its window; TLS", counts_bytes=False),
    # Not in the default matrix:
    "ours-wine": Peer(f"env WINE_AS_IS=yes {REPOSITORY}/eng/wine.sh run {{ours}}/windows remoteaccess-agent.exe run --state state --surface none --listen 127.0.0.1:{{port}}", OUR_VIEWER,
                      "the agent for Windows under Wine, which captures by GDI (no Desktop Duplication there); Wine's own server is not counted"),
    "x0vnc-zrle": Peer(X0VNC, VNC_VIEWER + " --no-jpeg --encodings 'zrle copyrect hextile raw'", "x0vncserver: ZRLE; not encrypted", lossless=True),
    "x0vnc-fast": Peer(X0VNC + " -MaxProcessorUsage 100 -PollingCycle 16", VNC_VIEWER, "x0vncserver with its throttle lifted; not encrypted"),
    "x11vnc-fast": Peer(X11VNC + " -wait 5 -defer 5", VNC_VIEWER, "x11vnc that looks every 5 ms; not encrypted"),
    "freerdp-rfx": Peer(SHADOW, FREERDP_VIEWER % "/rfx", "FreeRDP with RemoteFX; TLS", counts_bytes=False),
}
DEFAULT = ["none", "ours", "ours-lossless", "ours-built", "x0vnc", "x0vnc-lossless", "x11vnc", "freerdp"]
QUICK = ["none", "ours", "ours-lossless", "x0vnc", "x0vnc-lossless"]
