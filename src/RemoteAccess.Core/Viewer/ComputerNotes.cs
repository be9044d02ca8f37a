using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// What a technician's side keeps of computers beside their grants, which hold no names: <c>computers.json</c> in the folder of the grants. Nothing in it is secret, and nothing is decided by it.
/// Several processes may use the folder at once. Thread-safe.
/// </summary>
public sealed class ComputerNotes
{
    internal const int MaxNotes = ComputerList.MaxComputers;

    private const int MaxFileBytes = 64 * 1024 * 1024, MaxAddressLength = 300, Version = 1;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);
    private readonly string file, lockFile;
    private readonly TimeProvider time;

    private ComputerNotes(string folder, TimeProvider time)
    {
        (file, lockFile) = (Path.Combine(folder, "computers.json"), Path.Combine(folder, "computers.lock"));
        this.time = time;
    }

    /// <summary>Whether something was noted in this folder.</summary>
    public bool Exist => File.Exists(file);

    /// <summary>Those of a folder; the file is made with the first note.</summary>
    /// <exception cref="StateException">There is no such folder.</exception>
    public static ComputerNotes Of(string folder, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder)) throw new StateException(StateError.Missing, folder, $"The folder {folder} does not exist.");
        return new ComputerNotes(folder, time ?? TimeProvider.System);
    }

    /// <summary>Names a computer.</summary>
    /// <param name="grant">Its grant.</param>
    /// <param name="nickname">1 to 128 characters without control characters, by convention <c>Company:Department:User</c>.</param>
    /// <param name="address">Host and port; null leaves what is noted.</param>
    /// <exception cref="ArgumentException">Not such a name or address.</exception>
    /// <exception cref="StateException">The file is damaged, exposed or not writable.</exception>
    public void Name(Grant grant, string nickname, string? address = null)
    {
        ArgumentNullException.ThrowIfNull(grant);
        ArgumentNullException.ThrowIfNull(nickname);
        Nickname.Validate(nickname);
        DemandAddress(address);
        Change(grant.Id, note => note with { Nickname = nickname, Address = address ?? note.Address });
    }

    /// <summary>A session with it began just now.</summary>
    /// <param name="grant">Its grant.</param>
    /// <param name="address">Where: host and port.</param>
    /// <inheritdoc cref="Name" path="/exception"/>
    public void Connected(Grant grant, string address)
    {
        ArgumentNullException.ThrowIfNull(grant);
        ArgumentNullException.ThrowIfNull(address);
        DemandAddress(address);
        DateTimeOffset now = time.GetUtcNow();
        Change(grant.Id, note => note with { Address = address, LastConnected = now });
    }

    /// <summary>All notes, by the hexadecimal id of the grant.</summary>
    internal Dictionary<string, ComputerNote> Read()
    {
        if (!Path.Exists(file)) return [];
        byte[] content = PrivateFile.Read(file, MaxFileBytes);
        try
        {
            using JsonDocument json = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 4 });
            if (json.RootElement.GetProperty("v").GetInt32() != Version) throw new StateException(StateError.NewerVersion, file, $"{file} is of another version of this program.");
            var notes = new Dictionary<string, ComputerNote>(StringComparer.Ordinal);
            foreach (JsonProperty one in json.RootElement.GetProperty("computers").EnumerateObject()) notes[one.Name] = ReadNote(one.Value);
            return notes;
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new StateException(StateError.Corrupted, file, $"{file} is damaged. Repair it, or delete it to begin anew: it holds names and addresses, and no grant.");
        }
    }

    private static ComputerNote ReadNote(JsonElement note) => new(
        note.TryGetProperty("nickname", out JsonElement nickname) ? nickname.GetString() : null,
        note.TryGetProperty("address", out JsonElement address) ? address.GetString() : null,
        note.TryGetProperty("lastConnected", out JsonElement last) ? last.GetDateTimeOffset() : null);

    private void Change(ReadOnlyMemory<byte> grantId, Func<ComputerNote, ComputerNote> change)
    {
        using SafeFileHandle held = FileLock.Take(lockFile, LockPatience);
        Dictionary<string, ComputerNote> notes = Read();
        string id = Convert.ToHexStringLower(grantId.Span);
        if (!notes.TryGetValue(id, out ComputerNote? note) && notes.Count >= MaxNotes)
            throw new StateException(StateError.NotWritable, file, $"{file} has notes of {MaxNotes} computers and takes no more.");
        notes[id] = change(note ?? new ComputerNote(null, null, null));
        PrivateFile.Write(file, Write(notes));
    }

    private static byte[] Write(Dictionary<string, ComputerNote> notes)
    {
        var content = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(content, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Version);
            json.WriteStartObject("computers");
            foreach ((string id, ComputerNote note) in notes.OrderBy(one => one.Key, StringComparer.Ordinal))
            {
                json.WriteStartObject(id);
                if (note.Nickname is not null) json.WriteString("nickname", note.Nickname);
                if (note.Address is not null) json.WriteString("address", note.Address);
                if (note.LastConnected is { } last) json.WriteString("lastConnected", last.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return content.WrittenSpan.ToArray();
    }

    private static void DemandAddress(string? address)
    {
        if (address is not null && (address.Length is 0 or > MaxAddressLength || !PlainText.IsAcceptable(address, MaxAddressLength))) throw new ArgumentException("An address is a host and a port, as in 192.0.2.7:7700.", nameof(address));
    }
}

/// <summary>What is noted of one computer.</summary>
internal sealed record ComputerNote(string? Nickname, string? Address, DateTimeOffset? LastConnected);
