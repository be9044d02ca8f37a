using System.CommandLine;
using RemoteAccess.Trust;

namespace CommandLineViewer;

/// <summary><c>tenant init --out DIR</c>: makes the support provider's keys.</summary>
internal static class TenantCommand
{
    public static Command Create()
    {
        var directory = new Option<DirectoryInfo>("--out") { Description = "Directory to make; it must not exist or be empty.", HelpName = "DIR", Required = true };
        var init = new Command("init", "Make a tenant's key and one technician's key. Whoever holds this directory can sign as the tenant: keep it safe.") { directory };
        init.SetAction(result => Complaint.Guard(() =>
        {
            using TenantIdentity tenant = TenantIdentity.Create(result.GetRequiredValue(directory).FullName);
            Console.WriteLine($"tenant key {Convert.ToHexStringLower(tenant.PublicKey.Span)}");
            Console.WriteLine($"kept in {result.GetRequiredValue(directory).FullName}");
            return Task.FromResult(0);
        }));
        return new Command("tenant", "The support provider's keys.") { init };
    }
}
