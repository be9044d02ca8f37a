namespace RemoteAccess.Fuzz;

/// <summary>The targets of this assembly, found by reflection, in the order of their names.</summary>
internal static class TargetCatalog
{
    public static IReadOnlyList<FuzzTarget> All { get; } = [.. typeof(FuzzTarget).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(FuzzTarget)) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null)
        .Select(type => (FuzzTarget)Activator.CreateInstance(type)!)
        .OrderBy(target => target.Name, StringComparer.Ordinal)];

    /// <exception cref="FormatException">A name is unknown, or two targets share one.</exception>
    public static IReadOnlyList<FuzzTarget> Choose(IList<string> names)
    {
        if (All.GroupBy(target => target.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new FormatException($"Two targets are named {twice.Key}.");
        }

        return names.Count == 0 ? All : [.. names.Select(name =>
            All.FirstOrDefault(target => target.Name == name) ?? throw new FormatException($"No target is named {name}; --list names them."))];
    }
}
