namespace RemoteAccess.Tests;

/// <summary>There is one screen, one keyboard and one mouse: tests that use them take turns.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class OneDesktop
{
    public const string Name = "the desktop";
}
