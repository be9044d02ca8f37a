using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Fuzz.Targets;

/// <summary>A grant's policy JSON. What is accepted must write back to a policy of the same rules, and its hours must answer for any time.</summary>
internal sealed class GrantPolicyTarget : FuzzTarget
{
    public static GrantPolicy Rich { get; } = new()
    {
        Hours = new WeeklyHours("Europe/Berlin", [new HoursWindow([DayOfWeek.Monday, DayOfWeek.Friday], 8 * 60, 18 * 60), new HoursWindow([DayOfWeek.Saturday], 22 * 60, 6 * 60)]),
        ReasonRequired = true,
        SessionCap = TimeSpan.FromMinutes(480),
        Recording = RecordingRule.Allowed,
    };

    public override string Name => "grant-policy";

    public override IReadOnlyList<byte[]> Seeds { get; } = [Encoding.UTF8.GetBytes(new GrantPolicy().ToJson()), Encoding.UTF8.GetBytes(Rich.ToJson())];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (!GrantPolicy.TryRead(input, out GrantPolicy? policy)) return;
        string text = policy.ToJson();
        if (!GrantPolicy.TryRead(Encoding.UTF8.GetBytes(text), out GrantPolicy? again) || again.ToJson() != text) throw new InvalidDataException("The policy does not write back.");
        _ = policy.Hours?.Contains(DateTimeOffset.UnixEpoch);
    }

    public override bool MutateStructure(Random random, ref byte[] input)
    {
        ReadOnlySpan<byte> structural = "{}[]\",:0123456789\\u"u8;
        int start = random.Next(Math.Max(1, input.Length)), at = input.AsSpan(Math.Min(start, input.Length)).IndexOfAny(structural);
        if (at < 0) return false;
        input = [.. input];
        input[start + at] = structural[random.Next(structural.Length)];
        return true;
    }
}
