using System.ComponentModel;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Security.AccessControl;
using System.Security.Principal;
using Microsoft.Win32.SafeHandles;
using RemoteAccess.Interop;

namespace RemoteAccess.Transport;

/// <summary>
/// The process at the other end of a named pipe: the system's word, never the peer's. It was there when the pipe was opened. A process may end, and its number be
/// given to another: compare with a process whose handle is held, or end the link when the answer is not the same later. Immutable.
/// </summary>
/// <param name="ProcessId">The process' number.</param>
/// <param name="Sid">The account it runs under, as in <c>S-1-5-18</c> for the system itself.</param>
/// <param name="SessionId">The Windows session it runs in; services run in 0.</param>
/// <param name="ImagePath">The program it runs, as an absolute path.</param>
public sealed record PipePeer(int ProcessId, string Sid, int SessionId, string ImagePath)
{
    private const int MaxPath = 32_768, MaxSid = 128;

    /// <summary>Who connected to a pipe of ours.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Unreachable"/> when the system does not say: the caller is gone, or may not be looked at. Then it must not be served.</exception>
    public static unsafe PipePeer OfClient(NamedPipeServerStream pipe)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        uint process = 0;
        return Kernel32Pipe.GetNamedPipeClientProcessId(pipe.SafePipeHandle, &process) != 0 ? OfProcess(process) : throw Unknown();
    }

    /// <summary>Who listens at a pipe that we connected to. An ordinary user's process may not look at one of the system: use <see cref="OwnerOf"/> there.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Unreachable"/> when the system does not say.</exception>
    public static unsafe PipePeer OfServer(NamedPipeClientStream pipe)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        uint process = 0;
        return Kernel32Pipe.GetNamedPipeServerProcessId(pipe.SafePipeHandle, &process) != 0 ? OfProcess(process) : throw Unknown();
    }

    /// <summary>The account that owns a pipe that we connected to, which is whose process made it (Administrators for an elevated one).</summary>
    /// <returns>As in <c>S-1-5-18</c>.</returns>
    /// <exception cref="ChannelException"><see cref="ChannelError.Unreachable"/> when the system does not say.</exception>
    public static string OwnerOf(NamedPipeClientStream pipe)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        try
        {
            return pipe.GetAccessControl().GetOwner(typeof(SecurityIdentifier))?.Value ?? throw Unknown();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or PrivilegeNotHeldException or InvalidOperationException)
        {
            throw Unknown(failure);
        }
    }

    /// <summary>This process itself, to compare with.</summary>
    public static PipePeer OfThisProcess() => OfProcess((uint)Environment.ProcessId);

    /// <summary>Whether both run the same program file; case does not count, as the file system has it.</summary>
    public bool RunsSameImageAs(PipePeer other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return string.Equals(ImagePath, other.ImagePath, StringComparison.OrdinalIgnoreCase);
    }

    /// <exception cref="ChannelException">It is gone, or may not be looked at.</exception>
    internal static PipePeer OfProcess(uint number)
    {
        using SafeProcessHandle process = Kernel32Process.OpenProcess(Kernel32Process.QueryLimited, 0, number);
        if (process.IsInvalid) throw Unknown();
        return Of(process, number);
    }

    internal static unsafe PipePeer Of(SafeProcessHandle process, uint number)
    {
        if (Advapi32Token.OpenProcessToken(process, Advapi32Token.Query, out SafeAccessTokenHandle token) == 0) throw Unknown();
        using (token)
        {
            uint session = 0, needed = 0;
            if (Advapi32Token.GetTokenInformation(token, Advapi32Token.Session, &session, sizeof(uint), &needed) == 0) throw Unknown();
            return new PipePeer((int)number, SidOf(token), (int)session, ImageOf(process));
        }
    }

    private static unsafe string SidOf(SafeAccessTokenHandle token)
    {
        // TOKEN_USER: a pointer to the SID, attributes, then the SID itself.
        byte* user = stackalloc byte[MaxSid];
        uint needed = 0;
        if (Advapi32Token.GetTokenInformation(token, Advapi32Token.User, user, MaxSid, &needed) == 0) throw Unknown();
        return new SecurityIdentifier(*(nint*)user).Value;
    }

    private static unsafe string ImageOf(SafeProcessHandle process)
    {
        char[] path = new char[MaxPath];
        uint length = MaxPath;
        fixed (char* into = path)
        {
            if (Kernel32Process.QueryFullProcessImageNameW(process, 0, into, &length) == 0) throw Unknown();
        }
        return new string(path, 0, (int)length);
    }

    private static ChannelException Unknown(Exception? inner = null) => new(ChannelError.Unreachable,
        $"Windows does not say who is at the other end of the pipe ({(inner ?? new Win32Exception(Marshal.GetLastPInvokeError())).Message}).", inner);
}
