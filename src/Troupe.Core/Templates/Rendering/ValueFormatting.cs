using System.Globalization;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;
using HandlebarsDotNet.IO;
using HandlebarsDotNet.Iterators;
using HandlebarsDotNet.MemberAccessors;
using HandlebarsDotNet.ObjectDescriptors;
using HandlebarsDotNet.PathStructure;

namespace Troupe.Core.Templates.Rendering;

/// <summary>Writes values as JSON does (<c>true</c>, lists, objects) and refuses names without a value.</summary>
internal sealed class ValueFormatter : IFormatterProvider, IFormatter
{
    public bool TryCreateFormatter(Type type, out IFormatter formatter)
    {
        formatter = this;
        return type == typeof(bool) || type == typeof(ValueMap) || type == typeof(ValueList) || type == typeof(UndefinedBindingResult);
    }

    public void Format<T>(T value, in EncodedTextWriter writer)
    {
        if (value is UndefinedBindingResult missing)
            throw new MissingNameException(missing.Value);
        writer.Write(TemplateValue.Text(value), false);
    }
}

/// <summary>Lists have items by their number and no other members.</summary>
internal sealed class ListValues : IObjectDescriptorProvider, IMemberAccessor
{
    public bool TryGetDescriptor(Type type, out ObjectDescriptor value)
    {
        var isList = type == typeof(ValueList);
        value = isList
            ? new ObjectDescriptor(type, this, static (_, list) => Enumerable.Range(0, ((ValueList)list).Count), static _ => new ReadOnlyListIterator<ValueList, object?>())
            : ObjectDescriptor.Empty;
        return isList;
    }

    public bool TryGetValue(object instance, ChainSegment memberName, out object? value)
    {
        var list = (ValueList)instance;
        var exists = int.TryParse(memberName.TrimmedValue, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count;
        value = exists ? list[index] : null;
        return exists;
    }
}

/// <summary>Hides the .NET members of plain values: a template sees data only.</summary>
internal sealed class PlainValues : IObjectDescriptorProvider, IMemberAccessor, IIterator
{
    private static readonly HashSet<Type> Types =
        [typeof(string), typeof(bool), typeof(int), typeof(long), typeof(decimal), typeof(double), typeof(UndefinedBindingResult)];

    public bool TryGetDescriptor(Type type, out ObjectDescriptor value)
    {
        value = Types.Contains(type) ? new ObjectDescriptor(type, this, static (_, _) => Array.Empty<object>(), _ => this) : ObjectDescriptor.Empty;
        return Types.Contains(type);
    }

    public bool TryGetValue(object instance, ChainSegment memberName, out object? value)
    {
        value = null;
        return false;
    }

    public void Iterate(
        in EncodedTextWriter writer, BindingContext context, ChainSegment[] blockParamsVariables, object input,
        TemplateDelegate template, TemplateDelegate ifEmpty) => ifEmpty(writer, context);
}
