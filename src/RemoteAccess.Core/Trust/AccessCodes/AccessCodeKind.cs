namespace RemoteAccess.Trust;

/// <summary>What sort of secret the access code is.</summary>
public enum AccessCodeKind : byte
{
    /// <summary>20 Crockford base-32 characters, 100 bits.</summary>
    Generated = 1,
    /// <summary>Chosen by a person.</summary>
    FreeText = 2,
    /// <summary>Digits read out for one attended session.</summary>
    SessionDigits = 3,
}
