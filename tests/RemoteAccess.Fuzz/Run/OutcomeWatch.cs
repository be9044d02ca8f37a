using System.Runtime.ExceptionServices;

namespace RemoteAccess.Fuzz.Run;

/// <summary>
/// Notices exceptions thrown on the current thread, caught or not: the type and the message without its digits tell which check refused
/// the input, without instrumenting the code under test.
/// </summary>
internal static class OutcomeWatch
{
    [ThreadStatic]
    private static ulong t_outcome;

    static OutcomeWatch() => AppDomain.CurrentDomain.FirstChanceException += Notice;

    public static void Begin() => t_outcome = 0xCBF2_9CE4_8422_2325;

    public static ulong End() => t_outcome;

    private static void Notice(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        Mix(thrown.Exception.GetType().Name);
        Mix(thrown.Exception.Message);
    }

    private static void Mix(string text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character))
            {
                t_outcome = (t_outcome ^ character) * 0x0000_0100_0000_01B3;
            }
        }
    }
}
