using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>The computer's signing key: made once, on the computer, and never leaves it. Thread-safe.</summary>
internal sealed class ComputerIdentity : IDisposable
{
    private readonly EcdsaSigningKey key;

    private ComputerIdentity(EcdsaSigningKey key)
    {
        this.key = key;
        PublicKey = key.PublicKey.ToArray();
    }

    public ISigningKey Key => key;

    /// <summary>65 bytes.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Loads the key, or makes it when this computer has none yet.</summary>
    /// <exception cref="StateException">The key cannot be read or written; or it is gone while grants made with it are still there.</exception>
    public static ComputerIdentity Open(StateDirectory state)
    {
        using (state.Lock())
        {
            if (File.Exists(state.HostKey)) return new ComputerIdentity(KeyFile.Load(state.HostKey));
            if (FileFault.Run(state.Grants, () => Directory.EnumerateFileSystemEntries(state.Grants).Any()))
                throw new StateException(StateError.Missing, state.HostKey, $"{state.HostKey} is gone, but grants signed with it are there.");
            return new ComputerIdentity(KeyFile.Create(state.HostKey));
        }
    }

    public void Dispose() => key.Dispose();
}
