namespace RemoteAccess.Transport;

/// <summary>
/// Whose turn it is: the highest class that has something ready. Messages of the highest class leave in the order they were sent, so that
/// a ping asks about all input before it; in the others each stream gives one record in turn. Belongs to the sender's lock.
/// </summary>
internal sealed class SendSchedule
{
    private readonly SendQueue[][] classes;
    private readonly int[] next;

    public SendSchedule(IEnumerable<SendQueue> queues)
    {
        classes = [.. queues.GroupBy(queue => queue.Rule.Priority).OrderBy(group => group.Key).Select(group => group.ToArray())];
        next = new int[classes.Length];
    }

    /// <summary>The queue to take the next record from; null when none is ready.</summary>
    public SendQueue? Next()
    {
        for (int priority = 0; priority < classes.Length; priority++)
        {
            SendQueue[] members = classes[priority];
            if (priority == 0 && OldestReady(members) is { } oldest) return oldest;
            for (int i = 0; i < members.Length; i++)
            {
                int turn = (next[priority] + i) % members.Length;
                if (!members[turn].IsReady) continue;
                next[priority] = (turn + 1) % members.Length;
                return members[turn];
            }
        }
        return null;
    }

    private static SendQueue? OldestReady(SendQueue[] members)
    {
        SendQueue? oldest = null;
        foreach (SendQueue member in members)
        {
            if (member.IsReady && (oldest is null || member.HeadNumber < oldest.HeadNumber)) oldest = member;
        }
        return oldest;
    }
}
