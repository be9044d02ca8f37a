// Every test uses the one desktop there is: they take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
