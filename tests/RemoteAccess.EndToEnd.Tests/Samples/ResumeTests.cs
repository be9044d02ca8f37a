using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The technician comes back to an agent that was killed and started again.</summary>
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class ResumeTests(Office office)
{
    [Fact]
    public async Task Kill9AndStartedAgain_TheTokenOfBeforeResumesOnce()
    {
        await using AgentRun agent = await office.StartAgentAsync(display: null);
        ReadOnlyMemory<byte> token;
        await using (RemoteSession session = await office.ConnectAsync(agent))
        {
            token = session.ResumeToken;
            await agent.KillAsync();
            Assert.Equal(SessionEndKind.Truncated, (await session.Completion.WaitAsync(Helpdesk.Limit())).Kind);
        }

        await using AgentRun next = await office.StartAgentAsync(display: null, agent.State);
        await using (await office.ConnectAsync(next, token))
        await using (await office.ConnectAsync(next, token))
        {
            await using TrustFlow trust = TrustFlow.Open(new TrustOptions { StateDirectory = agent.State });
            Assert.Equal([false, true, false], trust.ReadHistory().Where(entry => entry.Type == "session.accepted").Select(entry => (bool?)entry.Data()["resumed"]));
        }
    }
}
