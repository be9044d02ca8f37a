using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace RemoteAccess.Trust;

/// <summary>
/// Access lists of Windows for what belongs to one account: who gets in, and whether a list that is found lets anybody else in. The system, administrators, and the
/// installer of Windows' own files can take any file and are never "others".
/// </summary>
[SupportedOSPlatform("windows")]
internal static class OwnerAccess
{
    private const int GenericWrite = 0x40000000, GenericAll = 0x10000000, DeleteChild = 0x40, WriteList = 0x40000, WriteOwner = 0x80000, Delete = 0x10000;

    /// <summary>Whoever has one of these can put something else in the directory's place, or in one below it.</summary>
    private const int Replace = GenericAll | DeleteChild | WriteList | WriteOwner | Delete;

    /// <summary>And whoever has one of these can change what is in it: add files, directories, attributes of either kind.</summary>
    private const int Change = Replace | GenericWrite | 0x2 | 0x4 | 0x10 | 0x100;

    private static readonly SecurityIdentifier System = new(WellKnownSidType.LocalSystemSid, null), Administrators = new(WellKnownSidType.BuiltinAdministratorsSid, null),
        Installer = new("S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"), CreatorOwner = new(WellKnownSidType.CreatorOwnerSid, null), OwnerRights = new("S-1-3-4");

    /// <summary>
    /// The list of a new directory, which inherits nothing and hands itself on: the system and administrators where this process is theirs, as a service is; else this
    /// account alone.
    /// </summary>
    public static DirectorySecurity OfNewDirectory()
    {
        using WindowsIdentity self = WindowsIdentity.GetCurrent();
        bool isElevated = self.IsSystem || new WindowsPrincipal(self).IsInRole(WindowsBuiltInRole.Administrator);
        var security = new DirectorySecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        foreach (SecurityIdentifier account in isElevated ? [System, Administrators] : new[] { self.User! })
            security.AddAccessRule(new FileSystemAccessRule(account, FileSystemRights.FullControl, InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit, PropagationFlags.None, AccessControlType.Allow));
        return security;
    }

    /// <summary>How much others may do before a directory is refused.</summary>
    public enum Others
    {
        /// <summary>Nothing at all: it holds keys.</summary>
        Nothing,
        /// <summary>Read and enter.</summary>
        Read,
        /// <summary>Add to it, as to <c>%ProgramData%</c>: it stands above, and what is below cannot be replaced.</summary>
        Add,
    }

    /// <summary>Why the directory is not its owner's alone; null when it is.</summary>
    public static string? WhyExposed(string directory, Others others)
    {
        using WindowsIdentity self = WindowsIdentity.GetCurrent();
        byte[] found = new DirectoryInfo(directory).GetAccessControl(AccessControlSections.Access | AccessControlSections.Owner).GetSecurityDescriptorBinaryForm();
        return WhyExposed(new RawSecurityDescriptor(found, 0), self.User!, others);
    }

    /// <summary>Why others can change a file, or put something beside it or in its place; null when they cannot.</summary>
    public static string? WhyReplaceable(string file)
    {
        using WindowsIdentity self = WindowsIdentity.GetCurrent();
        var found = new RawSecurityDescriptor(new FileInfo(file).GetAccessControl(AccessControlSections.Access | AccessControlSections.Owner).GetSecurityDescriptorBinaryForm(), 0);
        if (WhyExposed(found, self.User!, Others.Read) is { } why) return $"{file}: {why}";
        Others others = Others.Read;
        for (DirectoryInfo? above = new FileInfo(file).Directory; above is not null; above = above.Parent, others = Others.Add)
        {
            if (WhyExposed(above.FullName, others) is { } reason) return $"{above.FullName}: {reason}";
        }
        return null;
    }

    /// <summary>The decision alone. A list that denies something to others is read as if it did not: what it allows them counts.</summary>
    /// <param name="found">Owner and list.</param>
    /// <param name="own">This account.</param>
    /// <param name="others">What others may do.</param>
    internal static string? WhyExposed(RawSecurityDescriptor found, SecurityIdentifier own, Others others)
    {
        if (found.Owner is not { } owner || !IsTrusted(owner, own)) return $"it belongs to {found.Owner?.Value ?? "nobody"}";
        if (found.DiscretionaryAcl is not { } list || (found.ControlFlags & ControlFlags.DiscretionaryAclPresent) == 0) return "it has no access list, so everybody may do everything";
        int refused = others switch { Others.Nothing => ~0, Others.Read => Change, _ => Replace };
        foreach (GenericAce entry in list)
        {
            // An entry of a kind that is not known here may allow anything.
            if (entry is not QualifiedAce known) return "its access list has an entry of a kind that is not known here";
            if (known.AceQualifier != AceQualifier.AccessAllowed || IsTrusted(known.SecurityIdentifier, own)) continue;
            // The owner, who was looked at; for what is made in it, whoever makes it.
            if (known.SecurityIdentifier == OwnerRights || known.SecurityIdentifier == CreatorOwner) continue;
            bool isForChildrenOnly = (entry.AceFlags & AceFlags.InheritOnly) != 0;
            if (isForChildrenOnly && others == Others.Add) continue;
            if ((known.AccessMask & refused) != 0) return $"{known.SecurityIdentifier.Value} may {(others == Others.Nothing ? "reach" : "change")} it";
        }
        return null;
    }

    private static bool IsTrusted(SecurityIdentifier account, SecurityIdentifier own) => account == own || account == System || account == Administrators || account == Installer;
}
