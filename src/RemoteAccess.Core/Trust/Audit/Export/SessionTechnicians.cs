namespace RemoteAccess.Trust;

/// <summary>Remembers whose session is whose, so that its end, which the agent writes, can be told with the technician's name. Forgets the oldest of 1024.</summary>
internal sealed class SessionTechnicians
{
    private const int Most = 1024;

    private readonly Dictionary<string, System.Text.Json.Nodes.JsonObject> technicians = [];
    private readonly Queue<string> order = [];

    public EntryFacts Follow(EntryFacts facts)
    {
        string session = facts.Session;
        if (session.Length == 0) return facts;
        if (facts.ActorKind != "technician") return technicians.TryGetValue(session, out var technician) ? facts with { SessionTechnician = technician } : facts;
        if (!technicians.TryAdd(session, facts.Actor)) return facts;
        order.Enqueue(session);
        if (order.Count > Most) technicians.Remove(order.Dequeue());
        return facts;
    }
}
