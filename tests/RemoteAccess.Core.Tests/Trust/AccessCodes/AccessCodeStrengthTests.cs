using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class AccessCodeStrengthTests
{
    [Theory]
    [InlineData("", AccessCodeProblem.TooShort, AccessCodeWeaknesses.TooShort)]
    [InlineData("k7$Q", AccessCodeProblem.TooShort, AccessCodeWeaknesses.TooShort)]
    [InlineData("password2024", AccessCodeProblem.TooWeak, AccessCodeWeaknesses.CommonPassword)]
    [InlineData("k7$k7$k7$k7$k7$", AccessCodeProblem.TooWeak, AccessCodeWeaknesses.Repetition)]
    [InlineData("Vrtba 23456789 Vrt", AccessCodeProblem.TooWeak, AccessCodeWeaknesses.Words | AccessCodeWeaknesses.Runs)]
    [InlineData("x9!Kp#2vQ$7zL", AccessCodeProblem.None, AccessCodeWeaknesses.None)]
    [InlineData("Kranich-77-Laterne-!?-Moor", AccessCodeProblem.None, AccessCodeWeaknesses.Words)]
    public void MeasureStrength_ChosenCode_NamesItsReasons(string typed, AccessCodeProblem problem, AccessCodeWeaknesses weaknesses)
    {
        AccessCodeStrength strength = AccessCode.MeasureStrength(typed);

        Assert.Equal((problem, weaknesses), (strength.Problem, strength.Weaknesses));
        Assert.Equal(problem == AccessCodeProblem.None, strength.IsAcceptable);
    }

    [Fact]
    public void MeasureStrength_AnyText_AgreesWithTryRead()
    {
        var random = new Random(5);
        string[] parts = ["password", "qwerty", "7", "!", "Kranich", "é", "字", "aaa", "\u0007", "\uD800", " ", "0000", "xK"];
        for (int i = 0; i < Wine.Or(400, 20); i++)
        {
            string typed = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => parts[random.Next(20) == 0 ? random.Next(parts.Length) : random.Next(8)]));
            AccessCodeProblem problem = AccessCode.TryRead(typed, AccessCodeKind.FreeText, out AccessCode? code);
            code?.Dispose();
            AccessCodeStrength strength = AccessCode.MeasureStrength(typed);

            Assert.Equal(problem, strength.Problem);
            Assert.Equal(problem == AccessCodeProblem.TooShort, strength.Weaknesses.HasFlag(AccessCodeWeaknesses.TooShort));
            if (problem == AccessCodeProblem.None) Assert.True(strength.Bits >= 40);
            if (problem == AccessCodeProblem.TooWeak) Assert.InRange(strength.Bits, 0, 40);
            Assert.EndsWith(".", strength.Sentence, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("password2024", "Estimated at 26 bits, and 40 are needed: a password that many people use is in it.")]
    [InlineData("x9!Kp#2vQ$7zL", "Estimated at 57 bits, enough.")]
    [InlineData("k7$", "Estimated at 13 bits, and 40 are needed: it is shorter than 12 bytes.")]
    [InlineData("tab\there and there", "It has a control character or half a character in it.")]
    public void Sentence_SaysBitsAndReasons(string typed, string sentence) => Assert.Equal(sentence, AccessCode.MeasureStrength(typed).Sentence);

    [Fact]
    public void MeasureStrength_LongerThanAnyCode_SaysSo()
    {
        Assert.Equal("It is longer than 128 bytes.", AccessCode.MeasureStrength(new string('x', 129)).Sentence);
        Assert.Equal(AccessCodeProblem.TooLong, AccessCode.MeasureStrength(new string('x', 100_000)).Problem);
    }
}
