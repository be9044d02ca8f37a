using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class AccessRulesTests
{
    private const int Merges = 1_000_000;

    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "UTC"];
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Something that a session does at a moment, as a person would ask about it.</summary>
    private readonly record struct Doing(DateTimeOffset At, Operations Wanted, bool GivesReason, bool GivesCredentials, bool SomebodyThere, bool PersonSaysYes, bool PersonAnswers, TimeSpan Since, bool IsRecorded);

    [Fact]
    public void Narrow_AMillionMerges_NeverAllowsWhatOneSideRefuses()
    {
        var random = new Random(20260302);
        AccessRules[] pool = [.. Enumerable.Range(0, 4000).Select(_ => RandomRules(random))];
        int widened = 0, refused = 0, allowed = 0, narrowedMore = 0;
        for (int i = 0; i < Merges; i++)
        {
            AccessRules local = pool[random.Next(pool.Length)], remote = pool[random.Next(pool.Length)];
            if (i % 3 == 0) local = AccessRules.Narrow(local, pool[random.Next(pool.Length)]);
            AccessRules merged = AccessRules.Narrow(local, remote);
            Doing doing = RandomDoing(random, local);
            bool byLocal = Allows(local, doing), byRemote = Allows(remote, doing), byMerged = Allows(merged, doing);
            if (byMerged && !(byLocal && byRemote)) widened++;
            if (byLocal && byRemote && !byMerged) narrowedMore++;
            _ = byMerged ? allowed++ : refused++;
        }

        Assert.Equal(0, widened);
        // Nothing is taken away that both allow, either.
        Assert.Equal(0, narrowedMore);
        Assert.InRange(allowed, Merges / 200, Merges);
        Assert.InRange(refused, Merges / 200, Merges);
    }

    [Fact]
    public void Narrow_WithItselfTwiceOrInTheOtherOrder_AnswersTheSame()
    {
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            AccessRules local = RandomRules(random), remote = RandomRules(random), merged = AccessRules.Narrow(local, remote);
            Doing doing = RandomDoing(random, local);

            Assert.Equal(Allows(merged, doing), Allows(AccessRules.Narrow(remote, local), doing));
            Assert.Equal(Allows(merged, doing), Allows(AccessRules.Narrow(merged, remote), doing));
            Assert.Equal(merged.Hours.Count, AccessRules.Narrow(merged, remote).Hours.Count);
            Assert.Equal(Allows(local, doing), Allows(AccessRules.Narrow(local, new AccessRules()), doing));
        }
    }

    [Fact]
    public void Narrow_HoursOfTwoZones_AreWhatBothClocksAllow()
    {
        // Berlin from 08:00 to 18:00 is 07:00 to 17:00 UTC in winter; New York from 09:00 is 14:00 UTC.
        AccessRules both = AccessRules.Narrow(
            new AccessRules { Hours = [Daily("Europe/Berlin", 8, 18)] }, new AccessRules { Hours = [Daily("America/New_York", 9, 17)] });

        Assert.False(both.IsWithinHours(At("2026-03-02T13:59:59Z")));
        Assert.True(both.IsWithinHours(At("2026-03-02T14:00:00Z")));
        Assert.True(both.IsWithinHours(At("2026-03-02T16:59:59Z")));
        Assert.False(both.IsWithinHours(At("2026-03-02T17:00:00Z")));
        Assert.Equal(At("2026-03-02T14:00:00Z"), both.NextHoursChange(At("2026-03-02T00:00:00Z")));
        Assert.Equal(At("2026-03-02T17:00:00Z"), both.NextHoursChange(At("2026-03-02T14:00:00Z")));
        // From 8 to 29 March America's clocks are ahead already.
        Assert.Equal(At("2026-03-09T13:00:00Z"), both.NextHoursChange(At("2026-03-08T17:00:00Z")));
    }

    [Fact]
    public void NextHoursChange_HoursThatNeverMeet_IsNull() => Assert.Null(AccessRules.Narrow(
        new AccessRules { Hours = [Daily("UTC", 8, 10)] }, new AccessRules { Hours = [Daily("UTC", 10, 12)] }).NextHoursChange(Start));

    [Fact]
    public void Narrow_OneForbidsRecordingAndOneDemandsIt_CannotBeKept()
    {
        AccessRules never = new() { Recording = RecordingRule.Never }, required = new() { Recording = RecordingRule.Required };

        Assert.True(AccessRules.Narrow(never, required).IsContradictory);
        Assert.True(AccessRules.Narrow(required, never).IsContradictory);
        Assert.False(AccessRules.Narrow(never, required).CanBeKept);
        Assert.True(AccessRules.Narrow(never, new AccessRules()).CanBeKept);
    }

    // A change of the access code takes terms that are within the old ones: 10^5 pairs, most of them near each other, each asked about eight doings.
    [Fact]
    public void IsWithin_PairsOfRules_NeverTakesWhatAllowsMore()
    {
        const int Pairs = 100_000;
        var random = new Random(20260303);
        int taken = 0, widened = 0, told = 0;
        for (int i = 0; i < Pairs; i++)
        {
            AccessRules agreed = RandomRules(random), changed = random.Next(4) == 0 ? RandomRules(random) : ChangeSome(agreed, RandomRules(random), random);
            bool isWithin = GrantNarrowing.IsWithin(changed, agreed);
            if (isWithin) taken++;
            bool allowsMore = false;
            for (int ask = 0; ask < 8; ask++)
            {
                Doing doing = RandomDoing(random, changed);
                if (Allows(changed, doing) && !Allows(agreed, doing)) allowsMore = true;
            }
            if (isWithin && allowsMore) widened++;
            if (allowsMore) told++;
            Assert.True(GrantNarrowing.IsWithin(agreed, agreed));
        }

        Assert.Equal(0, widened);
        Assert.InRange(taken, Pairs / 50, Pairs);
        Assert.InRange(told, Pairs / 50, Pairs);
    }

    private static AccessRules ChangeSome(AccessRules rules, AccessRules other, Random random) => new()
    {
        MaxOperations = random.Next(4) > 0 ? rules.MaxOperations : random.Next(2) == 0 ? rules.MaxOperations & other.MaxOperations : other.MaxOperations,
        NotBefore = random.Next(4) > 0 ? rules.NotBefore : other.NotBefore,
        NotAfter = random.Next(4) > 0 ? rules.NotAfter : other.NotAfter,
        Hours = random.Next(4) > 0 ? rules.Hours : rules.Hours is [var hours] && random.Next(3) > 0 ? [ChangeOne(hours, random)] : other.Hours,
        InUse = random.Next(4) > 0 ? rules.InUse : other.InUse,
        CredentialsRequired = random.Next(4) > 0 ? rules.CredentialsRequired : other.CredentialsRequired,
        ReasonRequired = random.Next(4) > 0 ? rules.ReasonRequired : other.ReasonRequired,
        SessionCap = random.Next(4) > 0 ? rules.SessionCap : other.SessionCap,
        Recording = random.Next(4) > 0 ? rules.Recording : other.Recording,
    };

    /// <summary>One window moved, split or gone, on the same clock.</summary>
    private static WeeklyHours ChangeOne(WeeklyHours hours, Random random)
    {
        var windows = hours.Windows.ToList();
        HoursWindow window = windows[^1];
        windows.RemoveAt(windows.Count - 1);
        int from = (window.FromMinute + random.Next(-60, 61) + HoursWindow.MinutesPerDay) % HoursWindow.MinutesPerDay;
        if (windows.Count == 0 || random.Next(3) > 0) windows.Add(new HoursWindow(window.Days, from, window.ToMinute == from ? (from + 1) % HoursWindow.MinutesPerDay : window.ToMinute));
        return new WeeklyHours(hours.Zone, windows);
    }

    /// <summary>What the rules mean, written from docs/trust.md and not from the code.</summary>
    private static bool Allows(AccessRules rules, Doing doing)
    {
        if (doing.At < rules.NotBefore || doing.At >= rules.NotAfter || doing.Since >= rules.SessionCap) return false;
        if ((doing.Wanted | rules.MaxOperations) != rules.MaxOperations) return false;
        if (rules.ReasonRequired && !doing.GivesReason) return false;
        if (rules.CredentialsRequired && !doing.GivesCredentials) return false;
        if (rules.IsContradictory) return false;
        if (rules.Recording == RecordingRule.Never && doing.IsRecorded) return false;
        if (rules.Recording == RecordingRule.Required && !doing.IsRecorded) return false;
        bool person = rules.InUse switch
        {
            InUseRule.Allow => true,
            InUseRule.AskThenAllow => !doing.PersonAnswers || doing.PersonSaysYes,
            InUseRule.AskThenRefuse => doing.PersonAnswers && doing.PersonSaysYes,
            InUseRule.Refuse => false,
            _ => throw new InvalidOperationException("A rule that the test does not know."),
        };
        if (doing.SomebodyThere && !person) return false;
        foreach (WeeklyHours hours in rules.Hours)
        {
            DateTime wall = doing.At.UtcDateTime + TimeZoneInfo.FindSystemTimeZoneById(hours.Zone).GetUtcOffset(doing.At.UtcDateTime);
            if (!hours.Windows.Any(window => Covers(window, wall))) return false;
        }
        return true;
    }

    private static bool Covers(HoursWindow window, DateTime wall)
    {
        for (int daysBack = 0; daysBack <= 1; daysBack++)
        {
            DateTime day = wall.Date.AddDays(-daysBack), begin = day.AddMinutes(window.FromMinute);
            DateTime end = day.AddMinutes(window.ToMinute > window.FromMinute ? window.ToMinute : window.ToMinute + HoursWindow.MinutesPerDay);
            if (window.Days.Contains(day.DayOfWeek) && wall >= begin && wall < end) return true;
        }
        return false;
    }

    private static AccessRules RandomRules(Random random) => new()
    {
        MaxOperations = (Operations)random.Next(1 << 10) | (random.Next(2) == 0 ? Operations.ViewScreen | Operations.ControlInput : Operations.None),
        NotBefore = Start.AddHours(random.Next(-100, 20)),
        NotAfter = Start.AddHours(random.Next(20, 400)),
        Hours = random.Next(3) == 0 ? [] : [new WeeklyHours(Zones[random.Next(Zones.Length)], [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomWindow(random))])],
        InUse = random.Next(2) == 0 ? InUseRule.Allow : (InUseRule)random.Next(4),
        CredentialsRequired = random.Next(4) == 0,
        ReasonRequired = random.Next(2) == 0,
        SessionCap = TimeSpan.FromMinutes(random.Next(1, 721)),
        Recording = random.Next(2) == 0 ? RecordingRule.Allowed : (RecordingRule)random.Next(3),
    };

    private static HoursWindow RandomWindow(Random random)
    {
        int from = random.Next(HoursWindow.MinutesPerDay), to = (from + random.Next(300, HoursWindow.MinutesPerDay)) % HoursWindow.MinutesPerDay;
        return new HoursWindow([.. Enum.GetValues<DayOfWeek>().Where(_ => random.Next(6) > 0).DefaultIfEmpty(DayOfWeek.Monday)], from, to);
    }

    private static Doing RandomDoing(Random random, AccessRules local) => new(
        Start.AddMinutes(random.Next(0, 300 * 60)),
        (random.Next(3) == 0 ? (Operations)(1 << random.Next(10)) : Operations.ViewScreen) & (random.Next(4) == 0 ? Operations.All : local.MaxOperations),
        random.Next(4) > 0,
        random.Next(2) == 0,
        random.Next(2) == 0,
        random.Next(2) == 0,
        random.Next(2) == 0,
        TimeSpan.FromMinutes(random.Next(0, 400)),
        random.Next(2) == 0);

    private static WeeklyHours Daily(string zone, int from, int to) => new(zone, [new HoursWindow(Enum.GetValues<DayOfWeek>(), from * 60, to * 60)]);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
