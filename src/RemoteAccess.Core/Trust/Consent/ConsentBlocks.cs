namespace RemoteAccess.Trust;

/// <summary>Which blocks a request gets, in reading order.</summary>
internal static class ConsentBlocks
{
    public static IReadOnlyList<ConsentBlock> Of(ConsentRequest request, ConsentTexts texts, ConsentTimes times)
    {
        List<ConsentBlock> blocks = [new(ConsentBlockKind.Title, ConsentRole.Heading, "", [texts[TitleKey(request.Kind)]])];
        string[] who = request.Organisation is null ? [request.TechnicianName] : [request.TechnicianName, request.Organisation];
        blocks.Add(new(ConsentBlockKind.Requester, ConsentRole.Text, texts["who.heading"], who));
        blocks.Add(Identity(request, texts));
        if (request.SessionCode is { } code) blocks.Add(new(ConsentBlockKind.SessionCode, ConsentRole.Text, texts["code.heading"], [code]));
        blocks.Add(new(ConsentBlockKind.Allows, ConsentRole.List, texts["allows.heading"], Words(request.Operations, texts)));
        blocks.Add(new(ConsentBlockKind.Until, ConsentRole.Text, texts["until.heading"], [request.Until is { } until ? times.Until(until) : texts["until.session"]]));
        if (request.Kind == ConsentKind.UnattendedGrant) blocks.Add(new(ConsentBlockKind.Hours, ConsentRole.List, texts["hours.heading"], times.Hours(request.Hours)));
        if (request.Reason is { } reason) blocks.Add(new(ConsentBlockKind.Reason, ConsentRole.Quotation, texts["reason.heading"], [reason]));
        if (request.Nickname is { } nickname) blocks.Add(new(ConsentBlockKind.Computer, ConsentRole.Quotation, texts["computer.heading"], [nickname]));
        string stop = request.StopHint ?? texts[request.Kind == ConsentKind.UnattendedGrant ? "stop.unattended" : "stop.session"];
        blocks.Add(new(ConsentBlockKind.Stop, ConsentRole.Text, texts["stop.heading"], [stop]));
        bool allows = request.InUse == InUseRule.AskThenAllow;
        string seconds = ((long)request.Timeout.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        blocks.Add(new(ConsentBlockKind.Countdown, ConsentRole.Timer, texts["countdown.heading"], [texts.Fill(allows ? "timeout.allow" : "timeout.refuse", seconds)]));
        return blocks.AsReadOnly();
    }

    private static string TitleKey(ConsentKind kind) => kind switch
    {
        ConsentKind.Operation => "title.operation",
        ConsentKind.SessionStart => "title.session",
        ConsentKind.UnattendedGrant => "title.unattended",
        ConsentKind.ConnectionWhileInUse => "title.inuse",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static ConsentBlock Identity(ConsentRequest request, ConsentTexts texts) => request switch
    {
        { IsVerified: false } => new(ConsentBlockKind.Unverified, ConsentRole.Alert, "", [texts["who.unverified"]]),
        { Organisation: { } organisation } => new(ConsentBlockKind.Verified, ConsentRole.Text, "", [texts.Fill("who.verifiedby", organisation)]),
        _ => new(ConsentBlockKind.Verified, ConsentRole.Text, "", [texts["who.verified"]]),
    };

    private static string[] Words(Operations operations, ConsentTexts texts) =>
        [.. Enum.GetValues<Operations>().Where(one => uint.IsPow2((uint)one) && operations.HasFlag(one)).Order().Select(one => texts[$"op.{one}"])];
}
