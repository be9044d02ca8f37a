using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RemoteAccess.Interop;

namespace RemoteAccess;

/// <summary>
/// What PAM hears from us: the password, once, to the first question whose answer is not shown, and nothing to any other. The password is kept in memory that the
/// collector does not move, and wiped at the end. One thread at a time; lives until <see cref="Dispose"/>, which must come after pam_end.
/// </summary>
internal sealed unsafe class PamConversation : IDisposable
{
    private readonly State* state;

    /// <param name="password">UTF-8 without 00; copied.</param>
    public PamConversation(ReadOnlySpan<byte> password)
    {
        state = (State*)NativeMemory.AllocZeroed((nuint)(sizeof(State) + password.Length));
        state->Length = password.Length;
        password.CopyTo(Password(state));
    }

    /// <summary>PAM asked for a password and got it. A service that lets root pass without one (as that of su does) has checked nothing.</summary>
    public bool WasAsked => state->Answered;

    /// <summary>PAM asked for more than one password, and got no answer: a second factor, or a module that does not share the first.</summary>
    public bool WasAskedForMore => state->AskedForMore;

    /// <summary>For pam_start; points at this.</summary>
    public PamConversationEntry Entry => new() { Converse = &Converse, Data = state };

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(Password(state));
        NativeMemory.Free(state);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Converse(int count, PamMessage** messages, PamResponse** responses, void* data)
    {
        *responses = null;
        if (count is < 1 or > LibPam.MostMessages) return LibPam.ConversationError;
        var answers = (PamResponse*)LibPam.calloc((nuint)count, (nuint)sizeof(PamResponse));
        if (answers is null) return LibPam.BufferError;
        for (int i = 0; i < count; i++)
        {
            // Linux-PAM: an array of pointers, not a pointer to an array.
            int result = Answer(messages[i]->Style, &answers[i], (State*)data);
            if (result == LibPam.Success) continue;
            Discard(answers, count, (State*)data);
            return result;
        }
        *responses = answers;
        return LibPam.Success;
    }

    private static int Answer(int style, PamResponse* answer, State* state)
    {
        if (style is LibPam.ErrorMessage or LibPam.TextInfo) return LibPam.Success;
        if (style != LibPam.PromptEchoOff || state->Answered)
        {
            state->AskedForMore = true;
            return LibPam.ConversationError;
        }
        answer->Text = (byte*)LibPam.calloc((nuint)state->Length + 1, 1);
        if (answer->Text is null) return LibPam.BufferError;
        Password(state).CopyTo(new Span<byte>(answer->Text, state->Length));
        state->Answered = true;
        return LibPam.Success;
    }

    private static void Discard(PamResponse* answers, int count, State* state)
    {
        for (int i = 0; i < count; i++)
        {
            if (answers[i].Text is null) continue;
            CryptographicOperations.ZeroMemory(new Span<byte>(answers[i].Text, state->Length));
            LibPam.free(answers[i].Text);
        }
        LibPam.free(answers);
    }

    private static Span<byte> Password(State* state) => new(state + 1, state->Length);

    /// <summary>The password lies behind it.</summary>
    private struct State
    {
        public int Length;
        public bool Answered, AskedForMore;
    }
}
