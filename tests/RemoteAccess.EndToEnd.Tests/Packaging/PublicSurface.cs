using System.Reflection;
using System.Runtime.CompilerServices;

namespace RemoteAccess.Tests.Packaging;

/// <summary>What callers of an assembly can name: its public types with their public and protected members, as sorted text.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Describe(Assembly assembly) => string.Concat(assembly.GetExportedTypes()
        .OrderBy(type => type.Namespace, StringComparer.Ordinal).ThenBy(TypeText.Of, StringComparer.Ordinal)
        .Select(type => $"{Header(type)}\n{string.Concat(Members(type).Distinct().Order(StringComparer.Ordinal).Select(member => $"    {member}\n"))}\n"));

    private static string Header(Type type)
    {
        var parents = (type.IsEnum || type.BaseType is null || type.BaseType == typeof(object) || type.BaseType == typeof(ValueType) || IsDelegate(type)
                ? Enumerable.Empty<Type>() : [type.BaseType])
            .Concat(type.IsEnum || IsDelegate(type) ? [] : OwnInterfaces(type)).Select(TypeText.Of).ToList();
        var flags = type.IsEnum && type.IsDefined(typeof(FlagsAttribute)) ? "[Flags] " : "";
        return $"{flags}public {Kind(type)} {type.Namespace}.{TypeText.Of(type)}{(parents.Count == 0 ? "" : " : " + string.Join(", ", parents))}{Constraints(type.GetGenericArguments())}";
    }

    private static IEnumerable<Type> OwnInterfaces(Type type) => type.GetInterfaces()
        .Where(candidate => candidate.IsVisible && (type.BaseType is null || !candidate.IsAssignableFrom(type.BaseType)))
        .OrderBy(TypeText.Of, StringComparer.Ordinal);

    private static string Kind(Type type)
    {
        var record = type.GetMethod("<Clone>$", Declared) is not null || (type.IsValueType && type.GetMethod("PrintMembers", Declared) is not null) ? "record " : "";
        return type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            _ when IsDelegate(type) => "delegate",
            { IsValueType: true } => $"{(type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "")}{(type.IsByRefLike ? "ref " : "")}{record}struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => $"abstract {record}class",
            { IsSealed: true } => $"sealed {record}class",
            _ => $"{record}class",
        };
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"{field.Name} = {field.GetRawConstantValue()}");
        }

        if (IsDelegate(type))
        {
            return [Method(type.GetMethod("Invoke")!)];
        }

        return type.GetConstructors(Declared).Where(Reachable).Select(constructor => $"{Access(constructor)}{type.Name.Split('`')[0]}({Parameters(constructor)})")
            .Concat(type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly).Select(Field))
            .Concat(type.GetProperties(Declared).Where(property => property.GetAccessors(true).Any(Reachable)).Select(Property))
            .Concat(type.GetEvents(Declared).Where(@event => Reachable(@event.AddMethod!)).Select(@event => $"{Modifiers(@event.AddMethod!)}event {TypeText.Of(@event.EventHandlerType!)} {@event.Name}"))
            .Concat(type.GetMethods(Declared).Where(method => Reachable(method) && !IsAccessor(method) && !IsGenerated(method)).Select(Method));
    }

    private static string Method(MethodInfo method)
    {
        var arguments = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeText.Of))}>" : "";
        var constraints = method.IsGenericMethod ? Constraints(method.GetGenericArguments()) : "";
        var extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{Modifiers(method)}{Returned(method.ReturnParameter)} {method.Name}{arguments}({extension}{Parameters(method)}){constraints}";
    }

    private static string Property(PropertyInfo property)
    {
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var any = property.GetAccessors(true).First(Reachable);
        var index = property.GetIndexParameters();
        var name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(TypeText.Of))}]";
        var get = property.GetMethod is { } getter && Reachable(getter) ? "get; " : "";
        var set = property.SetMethod is { } setter && Reachable(setter)
            ? $"{(any.IsPublic && !setter.IsPublic ? "protected " : "")}{(setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init" : "set")}; "
            : "";
        return $"{Modifiers(any)}{required}{(property.PropertyType.IsByRef ? "ref " : "")}{TypeText.Of(property.PropertyType)} {name} {{ {get}{set}}}";
    }

    private static string Field(FieldInfo field)
    {
        var kind = field switch { { IsLiteral: true } => "const ", { IsStatic: true, IsInitOnly: true } => "static readonly ", { IsStatic: true } => "static ", { IsInitOnly: true } => "readonly ", _ => "" };
        var value = field.IsLiteral ? " = " + TypeText.Literal(field.GetRawConstantValue(), field.FieldType) : "";
        return $"{(field.IsPublic ? "" : "protected ")}{kind}{TypeText.Of(field.FieldType)} {field.Name}{value}";
    }

    private static string Modifiers(MethodInfo method)
    {
        var kind = method switch
        {
            { IsStatic: true, IsAbstract: true } => "static abstract ",
            { IsStatic: true } => "static ",
            _ when method.DeclaringType!.IsInterface => method.IsAbstract ? "" : "virtual ",
            { IsAbstract: true } => "abstract ",
            _ when method.GetBaseDefinition() != method => method.IsFinal ? "sealed override " : "override ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => "",
        };
        return Access(method) + kind;
    }

    private static string Constraints(Type[] arguments) => string.Concat(arguments.Where(argument => argument.IsGenericParameter).Select(argument =>
    {
        var attributes = argument.GenericParameterAttributes;
        var constraints = argument.GetGenericParameterConstraints().Where(type => type != typeof(ValueType)).Select(TypeText.Of).ToList();
        constraints.InsertRange(0, attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint) ? ["struct"]
            : attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"] : Array.Empty<string>());
        if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
        {
            constraints.Add("new()");
        }

        return constraints.Count == 0 ? "" : $" where {argument.Name} : {string.Join(", ", constraints)}";
    }));

    private static string Returned(ParameterInfo result) => (result.ParameterType.IsByRef ? "ref " : "") + TypeText.Of(result.ParameterType);

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(TypeText.Of));

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    // What a sealed type calls protected, nobody can call; a copy constructor of a sealed record is private by metadata already.
    private static bool Reachable(MethodBase method) => method.IsPublic || (method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed;

    private static bool IsAccessor(MethodInfo method) => method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    // What a record brings along follows from the word record and its constructor.
    private static bool IsGenerated(MethodInfo method) => method.IsDefined(typeof(CompilerGeneratedAttribute)) || method.Name.Contains('<', StringComparison.Ordinal);

    private static bool IsDelegate(Type type) => type.IsSubclassOf(typeof(Delegate));
}
