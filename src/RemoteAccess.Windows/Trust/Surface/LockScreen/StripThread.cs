using System.Collections.Concurrent;
using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>Strip and frame on one desktop, for as long as that has the keyboard: then the thread ends, and what is asked meanwhile is not shown.</summary>
internal sealed class StripThread(WindowsSurfaceOptions options, Func<IStripDesktop> open, Action stop) : DesktopThread("RemoteAccess lock screen")
{
    /// <summary>For drawing and a first look; what takes longer is not shown.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50), IdleTick = TimeSpan.FromMilliseconds(500);
    private const int MostAtOnce = 64;

    private readonly ConcurrentQueue<Question> questions = new();
    private IStripDesktop? desktop;
    private SurfaceStage? stage;
    private Banners? banners;
    private BannerWords? words;
    private Question? asked;
    private IReadOnlyList<BannerLook> looks = [];
    private volatile bool isOver;

    /// <summary>The desktop is not before the person any more, or something failed: another thread is needed.</summary>
    public bool IsOver => isOver;

    /// <summary>As they were a moment ago. Any thread.</summary>
    public IReadOnlyList<BannerLook> Looks => Volatile.Read(ref looks);

    /// <summary>Any thread.</summary>
    public Task<bool> ShowAsync(BannerWords? next)
    {
        Question question = new(next, options.TimeProvider.GetTimestamp(), new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        questions.Enqueue(question);
        if (isOver) Refuse();
        Wake();
        return question.Answer.Task;
    }

    protected override void Prepare()
    {
        desktop = open();
        if (!desktop.Enter()) throw new DesktopException(DesktopError.NoDisplay, "The desktop that has the keyboard lets this process not in.");
        PersonsDesktop.Demand();
        _ = Imm32.ImmDisableIME(0);
        stage = new SurfaceStage(options);
        banners = new Banners(stage, Stop, details: null);

        void Stop()
        {
            // Not as at the surface, where anybody may: what whoever steers the computer presses here was not done by a person at the lock screen, and the ledger would say so.
            if (PersonsInput.IsFromDevice(out _)) stop();
        }
    }

    protected override void Work()
    {
        while (!IsStopping)
        {
            ReadMessages();
            StripPlace place = desktop!.Look();
            if (place == StripPlace.Left) return;
            TakeQuestion();
            banners!.Refresh(place == StripPlace.Users ? null : words);
            Volatile.Write(ref looks, banners.Looks);
            Answer(place);
            Signal.WaitForMessages(asked is null && banners.Windows.Count == 0 ? IdleTick : Tick);
        }
    }

    protected override void Fail(Exception error) => isOver = true;

    protected override void CleanUp()
    {
        isOver = true;
        banners?.Dispose();
        stage?.Dispose();
        desktop?.Dispose();
        Volatile.Write(ref looks, []);
        asked?.Answer.TrySetResult(false);
        Refuse();
    }

    private unsafe void ReadMessages()
    {
        ThreadMessage message;
        for (int i = 0; i < MostAtOnce && !IsStopping && User32Message.PeekMessage(&message, 0, 0, 0, User32Message.Remove) != 0; i++)
        {
            // Anybody can post it; the strip ends when its owner says so.
            if (message.Message != User32Message.Quit) stage!.Gate.Dispatch(&message);
        }
    }

    private void TakeQuestion()
    {
        if (asked is not null || !questions.TryDequeue(out asked)) return;
        words = asked.Words;
    }

    private void Answer(StripPlace place)
    {
        if (asked is not { } question) return;
        bool isSeen = place == StripPlace.Systems && banners!.AreSeen && banners.AreLookedAt;
        // What was just drawn has not been looked at.
        if (!isSeen && place == StripPlace.Systems && options.TimeProvider.GetElapsedTime(question.AskedAt) < Patience) return;
        question.Answer.TrySetResult(isSeen);
        asked = null;
    }

    private void Refuse()
    {
        while (questions.TryDequeue(out Question? question)) question.Answer.TrySetResult(false);
    }

    private sealed record Question(BannerWords? Words, long AskedAt, TaskCompletionSource<bool> Answer);
}
