using System.CommandLine;
using System.Diagnostics;
using RemoteAccess;
using RemoteAccess.Trust;

namespace CommandLineViewer;

/// <summary><c>info</c>: what the computer says of itself and the session.</summary>
internal static class InfoCommand
{
    public static Command Create()
    {
        var connection = new Connection();
        var command = new Command("info", "Connect, say what the session permits, and leave.");
        connection.AddTo(command);
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            long start = Stopwatch.GetTimestamp();
            await using RemoteSession session = await connection.OpenAsync(result, Operations.ViewScreen, cancellationToken);
            TimeSpan connected = Stopwatch.GetElapsedTime(start);
            TimeSpan roundTrip = await session.PingAsync(cancellationToken);
            Console.WriteLine($"computer         {session.ComputerName} ({session.Platform})");
            Console.WriteLine($"session          {session.Id}");
            Console.WriteLine($"permitted        {session.Operations}");
            Console.WriteLine($"ends at latest   {session.ExpiresAt:u}");
            if (connection.IsWitness(result))
            {
                LedgerWitness ledger = await session.LedgerWitnessed.WaitAsync(cancellationToken);
                Console.WriteLine($"ledger           {ledger.State}: {ledger.Text}");
            }

            Console.WriteLine($"failed attempts  {session.FailedAttempts} since the last success");
            Console.WriteLine($"connected in     {connected.TotalMilliseconds:0} ms, most of it stretching the access code");
            Console.WriteLine($"round trip       {roundTrip.TotalMilliseconds:0.0} ms");
            return 0;
        }));
        return command;
    }
}
