using System.Runtime.Versioning;

// Every test has X servers and programs of its own and some measure time: they take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: SupportedOSPlatform("linux")]
