namespace RemoteAccess.Benchmarks;

/// <summary>CPU time of the program that is measured, of the X server, and of Wine's server.</summary>
internal readonly record struct Costs(TimeSpan Own, TimeSpan XServer, TimeSpan WineServer)
{
    public static Costs operator +(Costs one, Costs other) => new(one.Own + other.Own, one.XServer + other.XServer, one.WineServer + other.WineServer);

    public static Costs operator -(Costs one, Costs other) => new(one.Own - other.Own, one.XServer - other.XServer, one.WineServer - other.WineServer);
}
