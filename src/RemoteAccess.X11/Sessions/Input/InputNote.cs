using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Sessions;

/// <summary>
/// A file that says what would have to be put right on the display if this process were killed now: keycodes and buttons held down,
/// keycodes with a lent mapping, locks switched off for a moment. Written before the act, cleared after it is undone. It never says
/// what was typed. The file is locked as long as its owner lives.
/// </summary>
/// <remarks>
/// Layout, 96 bytes, little-endian: "RAIN", version 1 (u32), server token (16 bytes), held keycodes (256 bits), lent keycodes (256
/// bits), held buttons (u32), locks to restore (u8), 3 bytes 0.
/// </remarks>
internal sealed class InputNote : IDisposable
{
    public const int Size = 96;

    private const int TokenAt = 8, KeysAt = 24, LentAt = 56, ButtonsAt = 88, LocksAt = 92;
    private static ReadOnlySpan<byte> Head => "RAIN\u0001\0\0\0"u8;

    private readonly string path;
    private readonly byte[] content;
    private SafeFileHandle? file;

    private InputNote(string path, SafeFileHandle? file, byte[] content)
    {
        this.path = path;
        this.file = file;
        this.content = content;
    }

    public uint Buttons
    {
        get => BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(ButtonsAt));
        set => BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(ButtonsAt), value);
    }

    public byte Locks
    {
        get => content[LocksAt];
        set => content[LocksAt] = value;
    }

    public IEnumerable<byte> Keys => Bits(KeysAt);

    public IEnumerable<byte> LentKeycodes => Bits(LentAt);

    public bool IsClean => !content.AsSpan(KeysAt).ContainsAnyExcept((byte)0);

    public static string Pattern(ServerToken server) => $"input-{server}-*.note";

    /// <summary>A new note of this process. There is no file until there is something to say.</summary>
    public static InputNote Create(string folder, ServerToken server)
    {
        string path = Path.Combine(folder, Pattern(server).Replace("*", Guid.NewGuid().ToString("N"), StringComparison.Ordinal));
        byte[] content = new byte[Size];
        Head.CopyTo(content);
        server.Bytes.CopyTo(content.AsSpan(TokenAt));
        return new InputNote(path, null, content);
    }

    /// <summary>The note of a process that is gone; null when its owner lives, or it is of another server or damaged.</summary>
    public static InputNote? TryTakeOver(string path, ServerToken server)
    {
        byte[] content = new byte[Size];
        try
        {
            if (new FileInfo(path).Length != Size) return null;
            SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            bool fits = RandomAccess.Read(file, content, 0) == Size && content.AsSpan().StartsWith(Head)
                && content.AsSpan(TokenAt, ServerToken.Size).SequenceEqual(server.Bytes);
            if (fits) return new InputNote(path, file, content);
            file.Dispose();
            return null;
        }
        catch (IOException)
        {
            // Locked by its owner, or just removed by it: nothing to put right.
            return null;
        }
    }

    public bool HasKey(byte keycode) => (content[KeysAt + (keycode >> 3)] & (1 << (keycode & 7))) != 0;

    public void SetKey(byte keycode, bool isHeld) => Set(KeysAt, keycode, isHeld);

    public void SetLent(byte keycode, bool isLent) => Set(LentAt, keycode, isLent);

    /// <summary>Puts the present state into the file. One write of one block: a process that is killed leaves the old or the new state.</summary>
    public void Write()
    {
        if (file is null && IsClean) return;
        RandomAccess.Write(file ??= CreateFile(path), content, 0);
    }

    /// <summary>Removes the file: everything is put right. A later <see cref="Write"/> makes it again.</summary>
    public void Remove()
    {
        if (file is null) return;
        File.Delete(path);
        Dispose();
    }

    /// <summary>Closes the file and leaves it for the next start.</summary>
    public void Dispose()
    {
        file?.Dispose();
        file = null;
    }

    private static SafeFileHandle CreateFile(string path)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException();
        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }).SafeFileHandle;
    }

    private void Set(int at, byte keycode, bool value)
    {
        ref byte bits = ref content[at + (keycode >> 3)];
        byte bit = (byte)(1 << (keycode & 7));
        bits = (byte)(value ? bits | bit : bits & ~bit);
    }

    private IEnumerable<byte> Bits(int at)
    {
        for (int i = 0; i < 32; i++)
        {
            for (uint bits = content[at + i]; bits != 0; bits &= bits - 1) yield return (byte)((i * 8) + BitOperations.TrailingZeroCount(bits));
        }
    }
}
