using System.Collections.Concurrent;
using System.ComponentModel;
using RemoteAccess.Interop;

namespace RemoteAccess.Tests;

/// <summary>Sessions that a test makes, since Wine has one.</summary>
internal sealed class FakeSessions : ISessionSystem
{
    private volatile int active = 1;

    public uint? Active
    {
        set => active = (int?)value ?? -1;
    }

    public bool IsService => false;

    public uint? ActiveSession => active < 0 ? null : (uint)active;

    /// <summary>Called at each start.</summary>
    public Action? OnStart { get; init; }

    public Win32Exception? Refusal { get; set; }

    public int Refused { get; private set; }

    public ConcurrentQueue<(uint Session, FakeProcess Process)> Started { get; } = new();

    /// <summary>With whose rights what was asked for; the last argument of a helper is its pipe.</summary>
    public ConcurrentQueue<(string First, SessionAccount Account)> Asked { get; } = new();

    public ISessionProcess Start(IReadOnlyList<string> arguments, uint session, SessionAccount account)
    {
        if (Refusal is { } refusal)
        {
            Refused++;
            throw refusal;
        }
        OnStart?.Invoke();
        Asked.Enqueue((arguments[0], account));
        FakeProcess process = new(session: (int)session);
        Started.Enqueue((session, process));
        return process;
    }

    public async Task<FakeProcess> NextAsync(uint session)
    {
        (uint Session, FakeProcess? Process) next = default;
        await Eventually.Is(() => Started.TryDequeue(out var found) && (next = found).Process is not null, $"a program is started in session {session}");
        Assert.Equal(session, next.Session);
        return next.Process!;
    }
}
