using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>What travels between surface and agent: one JSON object a line, UTF-8 (docs/surface.md §2).</summary>
internal static class SurfaceLines
{
    public const int Version = 1;

    /// <summary>The longest line of a surface, its end not counted.</summary>
    public const int MaxFromSurface = 4096;

    /// <summary>The longest line of the agent; only a report comes near it.</summary>
    public const int MaxFromAgent = 32 << 20;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    public static byte[] Write(JsonObject message)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(line, Writing)) message.WriteTo(writer);
        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }

    /// <summary>The next line's object; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">A line that is too long, or no JSON object.</exception>
    /// <exception cref="IOException">The link is broken.</exception>
    public static async ValueTask<JsonObject?> ReadAsync(PipeReader input, int maxLength, CancellationToken cancellationToken)
    {
        long searched = 0;
        while (true)
        {
            ReadResult read = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = read.Buffer;
            if (buffer.Slice(searched).PositionOf((byte)'\n') is { } end)
            {
                ReadOnlySequence<byte> line = buffer.Slice(0, end);
                if (line.Length > maxLength) throw new InvalidDataException("A line is too long.");
                JsonObject message = Parse(line);
                input.AdvanceTo(buffer.GetPosition(1, end));
                return message;
            }
            if (buffer.Length > maxLength) throw new InvalidDataException("A line is too long.");
            if (read.IsCompleted) return null;
            searched = buffer.Length;
            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <exception cref="SurfaceException">The agent's answer is not as this version has it.</exception>
    public static T Understand<T>(NoticeWords words, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException unknown)
        {
            throw words.Refusal(SurfaceProblem.NotUnderstood, unknown);
        }
    }

    private static JsonObject Parse(in ReadOnlySequence<byte> line)
    {
        try
        {
            return JsonNode.Parse(line.ToArray(), documentOptions: Reading) as JsonObject ?? throw new InvalidDataException("A line is no JSON object.");
        }
        catch (JsonException malformed)
        {
            throw new InvalidDataException("A line is no JSON.", malformed);
        }
    }
}
