using Tmds.DBus.Protocol;

namespace RemoteAccess.Trust;

/// <summary>What the item shows. Immutable.</summary>
internal sealed record StatusItemLook(string Words, IReadOnlyList<IconPicture> Icons);

/// <summary>
/// The object of an <c>org.kde.StatusNotifierItem</c>: its properties, and what a panel may call. Whoever is on the session bus may call it, with anything:
/// all that comes of it is that the window opens. On the threads of its connection.
/// </summary>
internal sealed class StatusItemObject(string title, Func<StatusItemLook> look, Action open) : IPathMethodHandler
{
    public const string ObjectPath = "/StatusNotifierItem", Interface = "org.kde.StatusNotifierItem";
    private const string Id = "remoteaccess", Failed = "org.freedesktop.DBus.Error.";

    private static readonly string[] Names = ["Category", "Id", "Title", "Status", "WindowId", "IconName", "IconPixmap", "OverlayIconName", "AttentionIconName", "ToolTip", "ItemIsMenu", "Menu"];

    private static readonly ReadOnlyMemory<byte> Description = """
        <interface name="org.kde.StatusNotifierItem">
          <property name="Category" type="s" access="read"/><property name="Id" type="s" access="read"/><property name="Title" type="s" access="read"/>
          <property name="Status" type="s" access="read"/><property name="WindowId" type="i" access="read"/><property name="IconName" type="s" access="read"/>
          <property name="IconPixmap" type="a(iiay)" access="read"/><property name="OverlayIconName" type="s" access="read"/>
          <property name="AttentionIconName" type="s" access="read"/><property name="ToolTip" type="(sa(iiay)ss)" access="read"/>
          <property name="ItemIsMenu" type="b" access="read"/><property name="Menu" type="o" access="read"/>
          <method name="Activate"><arg type="i" direction="in"/><arg type="i" direction="in"/></method>
          <method name="SecondaryActivate"><arg type="i" direction="in"/><arg type="i" direction="in"/></method>
          <method name="ContextMenu"><arg type="i" direction="in"/><arg type="i" direction="in"/></method>
          <method name="Scroll"><arg type="i" direction="in"/><arg type="s" direction="in"/></method>
          <signal name="NewTitle"/><signal name="NewIcon"/><signal name="NewToolTip"/><signal name="NewStatus"><arg type="s"/></signal>
        </interface>

        """u8.ToArray();

    public string Path => ObjectPath;

    public bool HandlesChildPaths => false;

    public ValueTask HandleMethodAsync(MethodContext context)
    {
        try
        {
            Answer(context);
        }
        catch (DBusMessageException malformed)
        {
            context.ReplyError(Failed + "InvalidArgs", malformed.Message);
        }
        return default;
    }

    private void Answer(MethodContext context)
    {
        Message request = context.Request;
        string member = request.MemberAsString ?? "", signature = request.SignatureAsString ?? "";
        if (context.IsDBusIntrospectRequest) context.ReplyIntrospectXml([Description], []);
        else if (context.IsPropertiesInterfaceRequest) AnswerProperties(context, member, signature);
        else if (request.InterfaceAsString is not (null or Interface)) context.ReplyUnknownMethodError();
        else if (member is "Activate" or "SecondaryActivate" or "ContextMenu" && signature == "ii")
        {
            open();
            Done(context);
        }
        else if (member == "Scroll" && signature == "is") Done(context);
        else context.ReplyUnknownMethodError();
    }

    private void AnswerProperties(MethodContext context, string member, string signature)
    {
        switch (member, signature)
        {
            case ("Get", "ss"):
                Reader body = context.Request.GetBodyReader();
                string of = body.ReadString(), name = body.ReadString();
                if (of is Interface or "" && Names.Contains(name, StringComparer.Ordinal)) One(context, name);
                else context.ReplyError(Failed + "UnknownProperty", "There is no such property.");
                break;
            case ("GetAll", "s"):
                All(context);
                break;
            case ("Set", "ssv"):
                context.ReplyError(Failed + "PropertyReadOnly", "Nothing here can be set.");
                break;
            default:
                context.ReplyUnknownMethodError();
                break;
        }
    }

    private static void Done(MethodContext context)
    {
        using MessageWriter writer = context.CreateReplyWriter(null);
        context.Reply(writer.CreateMessage());
    }

    private void One(MethodContext context, string name)
    {
        MessageWriter writer = context.CreateReplyWriter("v");
        try
        {
            Write(ref writer, name, look());
            context.Reply(writer.CreateMessage());
        }
        finally
        {
            writer.Dispose();
        }
    }

    private void All(MethodContext context)
    {
        MessageWriter writer = context.CreateReplyWriter("a{sv}");
        try
        {
            StatusItemLook now = look();
            ArrayStart all = writer.WriteDictionaryStart();
            foreach (string name in Names)
            {
                writer.WriteDictionaryEntryStart();
                writer.WriteString(name);
                Write(ref writer, name, now);
            }
            writer.WriteDictionaryEnd(all);
            context.Reply(writer.CreateMessage());
        }
        finally
        {
            writer.Dispose();
        }
    }

    private void Write(ref MessageWriter writer, string name, StatusItemLook now)
    {
        switch (name)
        {
            case "Category":
                writer.WriteVariantString("SystemServices");
                break;
            case "Id":
                writer.WriteVariantString(Id);
                break;
            case "Title":
                writer.WriteVariantString(title);
                break;
            case "Status":
                // Panels hide what is "Passive", and with it the way to the window.
                writer.WriteVariantString("Active");
                break;
            case "WindowId":
                writer.WriteVariantInt32(0);
                break;
            case "IconPixmap":
                writer.WriteSignature("a(iiay)");
                Write(ref writer, now.Icons);
                break;
            case "ToolTip":
                writer.WriteSignature("(sa(iiay)ss)");
                writer.WriteStructureStart();
                writer.WriteString("");
                Write(ref writer, []);
                writer.WriteString(now.Words);
                writer.WriteString("");
                break;
            case "ItemIsMenu":
                writer.WriteVariantBool(false);
                break;
            case "Menu":
                writer.WriteVariantObjectPath("/NO_DBUSMENU");
                break;
            default:
                writer.WriteVariantString("");
                break;
        }
    }

    private static void Write(ref MessageWriter writer, IReadOnlyList<IconPicture> icons)
    {
        ArrayStart all = writer.WriteArrayStart(DBusType.Struct);
        foreach (IconPicture icon in icons)
        {
            writer.WriteStructureStart();
            writer.WriteInt32(icon.Side);
            writer.WriteInt32(icon.Side);
            writer.WriteArray(icon.Pixels);
        }
        writer.WriteArrayEnd(all);
    }
}
