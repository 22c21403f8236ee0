using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace LiveMigration.Tests;

/// <summary>What the types of an assembly refer to, in signatures, attributes and method bodies, closures included.</summary>
internal sealed class References : ISignatureTypeProvider<string, object?>
{
    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value & (code.Size == 1 ? 0xFF : 0xFFFF), code => code.OperandType);

    private readonly MetadataReader _metadata;
    private readonly PEReader _file;
    private HashSet<string> _found = [];

    private References(PEReader file) => (_file, _metadata) = (file, file.GetMetadataReader());

    /// <summary>Outermost type → full names of the types, and TYPE.MEMBER of the members, that it refers to.</summary>
    public static Dictionary<string, HashSet<string>> Of(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        return new References(file).Read();
    }

    private Dictionary<string, HashSet<string>> Read()
    {
        var all = new Dictionary<string, HashSet<string>>();
        foreach (var handle in _metadata.TypeDefinitions)
        {
            var name = Name(handle);
            _found = all[name] = all.GetValueOrDefault(name) ?? [];
            Read(_metadata.GetTypeDefinition(handle));
        }
        return all;
    }

    private void Read(TypeDefinition type)
    {
        See(type.BaseType);
        foreach (var implemented in type.GetInterfaceImplementations())
            See(_metadata.GetInterfaceImplementation(implemented).Interface);
        foreach (var field in type.GetFields())
            Add(_metadata.GetFieldDefinition(field).DecodeSignature(this, null));
        var properties = type.GetProperties().SelectMany(property => _metadata.GetPropertyDefinition(property).GetCustomAttributes());
        foreach (var attribute in type.GetCustomAttributes().Concat(properties))
            See(_metadata.GetCustomAttribute(attribute).Constructor);
        foreach (var method in type.GetMethods())
            Read(_metadata.GetMethodDefinition(method));
    }

    private void Read(MethodDefinition method)
    {
        method.DecodeSignature(this, null);
        if (method.RelativeVirtualAddress == 0)
            return;
        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(this, null);
        foreach (var region in body.ExceptionRegions)
            See(region.CatchType);
        Read(body.GetILReader());
    }

    private void Read(BlobReader code)
    {
        while (code.RemainingBytes > 0)
        {
            int value = code.ReadByte();
            switch (Operands[value == 0xFE ? 0xFE00 | code.ReadByte() : value])
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    See(MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.Offset += 1;
                    break;
                case OperandType.InlineVar:
                    code.Offset += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.Offset += 8;
                    break;
                default:
                    code.Offset += 4;
                    break;
            }
        }
    }

    private void See(EntityHandle handle)
    {
        if (handle.IsNil)
            return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition or HandleKind.TypeReference:
                Add(Name(handle));
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
                break;
            case HandleKind.MethodDefinition:
                Add(Name(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType()));
                break;
            case HandleKind.FieldDefinition:
                Add(Name(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType()));
                break;
            case HandleKind.MethodSpecification:
                var instance = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                See(instance.Method);
                instance.DecodeSignature(this, null);
                break;
            case HandleKind.MemberReference:
                var member = _metadata.GetMemberReference((MemberReferenceHandle)handle);
                See(member.Parent);
                if (member.Parent.Kind == HandleKind.TypeReference)
                    Add($"{Name(member.Parent)}.{_metadata.GetString(member.Name)}");
                break;
        }
    }

    private string Add(string type)
    {
        _found.Add(type);
        return type;
    }

    // A nested type counts as the outermost that holds it.
    private string Name(EntityHandle handle)
    {
        if (handle.Kind == HandleKind.TypeDefinition)
        {
            var type = _metadata.GetTypeDefinition((TypeDefinitionHandle)handle);
            return type.GetDeclaringType() is { IsNil: false } outer ? Name(outer) : Name(type.Namespace, type.Name);
        }
        var reference = _metadata.GetTypeReference((TypeReferenceHandle)handle);
        var outside = reference.ResolutionScope;
        return outside.Kind == HandleKind.TypeReference ? Name(outside) : Name(reference.Namespace, reference.Name);
    }

    private string Name(StringHandle space, StringHandle name) => $"{_metadata.GetString(space)}.{_metadata.GetString(name)}";

    string ISimpleTypeProvider<string>.GetPrimitiveType(PrimitiveTypeCode typeCode) => Add($"System.{typeCode}");

    string ISimpleTypeProvider<string>.GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        Add(Name(handle));

    string ISimpleTypeProvider<string>.GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        Add(Name(handle));

    string ISignatureTypeProvider<string, object?>.GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    string ISignatureTypeProvider<string, object?>.GetFunctionPointerType(MethodSignature<string> signature) => Add("pointer");

    string IConstructedTypeProvider<string>.GetPointerType(string elementType) => Add("pointer");

    string IConstructedTypeProvider<string>.GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;

    string IConstructedTypeProvider<string>.GetArrayType(string elementType, ArrayShape shape) => elementType;

    string ISZArrayTypeProvider<string>.GetSZArrayType(string elementType) => elementType;

    string IConstructedTypeProvider<string>.GetByReferenceType(string elementType) => elementType;

    string ISignatureTypeProvider<string, object?>.GetGenericMethodParameter(object? genericContext, int index) => "";

    string ISignatureTypeProvider<string, object?>.GetGenericTypeParameter(object? genericContext, int index) => "";

    string ISignatureTypeProvider<string, object?>.GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    string ISignatureTypeProvider<string, object?>.GetPinnedType(string elementType) => elementType;
}
