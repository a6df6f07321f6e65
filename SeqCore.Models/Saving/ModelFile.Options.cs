using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SeqCore.Models;

// How a model reads its options.
public sealed partial class ModelFile
{
    /// <summary>Reads one option of the model, such as a size: <c>file.ReadOption&lt;int>("size")</c>.</summary>
    /// <typeparam name="T">
    /// The type of the option: bool, string, a type of numbers, or another one that <see cref="JsonElement"/> reads itself.
    /// </typeparam>
    /// <param name="name">The name of the option in <see cref="Model.OptionsJson"/>.</param>
    /// <exception cref="CheckpointException">The file has no such option, or one that is no T.</exception>
    public T ReadOption<T>(string name) where T : notnull
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        try
        {
            var options = (JsonNode.Parse(Options) ?? throw new JsonException("They are null.")).AsObject();
            if (options[name] is { } value)
                return value.GetValue<T>();
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            throw Error($"its options have no {typeof(T).Name} '{name}': {wrong.Message}", wrong);
        }

        throw Error($"its options lack '{name}'; they are {Options}. Hint: override OptionsJson in the model's class so that it"
            + " returns all that the constructor needs, and save the model again.");
    }

    /// <summary>Reads the options as a record, all of whose properties the file should have.</summary>
    /// <typeparam name="TOptions">The type of the record.</typeparam>
    /// <param name="type">
    /// How the record is read, from a source-generated <see cref="JsonSerializerContext"/>. Properties that it may leave out when
    /// it writes need not be there.
    /// </param>
    /// <exception cref="CheckpointException">
    /// The options do not fit the record, or lack properties, which the message names.
    /// </exception>
    public TOptions ReadOptions<TOptions>(JsonTypeInfo<TOptions> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Fitting<TOptions>(options =>
        {
            List<string> missing = [.. Missing(options, type, "")];
            return missing.Count == 0
                ? options.Deserialize(type)!
                : throw Error($"its options lack {string.Join(", ", missing)} of {typeof(TOptions).Name}. Hint: if the file was"
                    + " written before these properties existed, pass their values as defaults.");
        });
    }

    /// <summary>Reads the options as a record, with values for those that the file lacks.</summary>
    /// <typeparam name="TOptions">The type of the record.</typeparam>
    /// <param name="type">
    /// How the record is read, from a source-generated <see cref="JsonSerializerContext"/>.
    /// </param>
    /// <param name="defaults">
    /// The values of options that the file lacks because it was written before these options existed. (A source-generated reader
    /// does not keep the initial values of properties that are set with <c>init</c>.)
    /// </param>
    /// <exception cref="CheckpointException">The options do not fit the record.</exception>
    public TOptions ReadOptions<TOptions>(JsonTypeInfo<TOptions> type, TOptions defaults)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Fitting<TOptions>(options =>
        {
            var merged = JsonSerializer.SerializeToNode(defaults, type)!.AsObject();
            Overlay(merged, options);
            return merged.Deserialize(type)!;
        });
    }

    private TOptions Fitting<TOptions>(Func<JsonObject, TOptions> read)
    {
        try
        {
            return read((JsonNode.Parse(Options) ?? throw new JsonException("They are null.")).AsObject());
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or ArgumentException)
        {
            throw Error($"its options do not fit {typeof(TOptions).Name}: {wrong.Message}", wrong);
        }
    }

    /// <summary>Returns the properties that an object lacks, quoted, those of objects inside it too.</summary>
    private static IEnumerable<string> Missing(JsonObject found, JsonTypeInfo type, string path)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            yield break;
        var omitsDefaults = type.Options.DefaultIgnoreCondition != JsonIgnoreCondition.Never;
        foreach (var property in type.Properties.Where(IsStored))
        {
            if (!found.TryGetPropertyValue(property.Name, out var value))
            {
                if (property.IsRequired || !(omitsDefaults || property.ShouldSerialize is not null))
                    yield return $"'{path}{property.Name}'";
            }
            else if (value is JsonObject inner && type.Options.TryGetTypeInfo(property.PropertyType, out var ofInner))
            {
                foreach (var name in Missing(inner, ofInner, $"{path}{property.Name}."))
                    yield return name;
            }
        }

        static bool IsStored(JsonPropertyInfo property) => property is { Get: not null, IsExtensionData: false }
            && (property.Set is not null || property.AssociatedParameter is not null);
    }

    private static void Overlay(JsonObject target, JsonObject source)
    {
        foreach (var (name, value) in source)
        {
            if (value is JsonObject inner && target[name] is JsonObject part)
                Overlay(part, inner);
            else
                target[name] = value?.DeepClone();
        }
    }
}
