using RemoteAccess.Sessions;

namespace RemoteAccess;

/// <summary>What the host application lets a session's tools do, whatever a grant says.</summary>
internal sealed record ToolOptions(FileSharing Sharing, CommandOptions? Commands);
