using System.Text.Json;

namespace SeqCore.Models;

/// <summary>The description of a model in files, beside its weights: kind, options and tokenizers.</summary>
internal static class ModelDescription
{
    internal const string Kind = "model.kind", Options = "model.options", Tokenizer = "tokenizer";

    internal static string TokenizerKey(string name) => $"model.{name}";

    /// <summary>Makes the description of a model as files hold it.</summary>
    internal static SortedDictionary<string, string> Of(Model model)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [Kind] = model.FileKind,
            [Options] = model.OptionsJson,
        };
        foreach (var (name, tokenizer) in model.Tokenizers)
        {
            if (!values.TryAdd(TokenizerKey(name), tokenizer.ToJson()))
            {
                throw new InvalidOperationException($"{model.Kind}: the name '{name}' of a tokenizer is taken;"
                    + " choose another one.");
            }
        }

        return values;
    }

    /// <summary>Expands a description to an entry for each option, so that a comparison can name the differences.</summary>
    /// <param name="description">The description of a model, from a file or from the model itself.</param>
    /// <param name="defaults">The values of options that the description lacks.</param>
    internal static Dictionary<string, string> Entries(IReadOnlyDictionary<string, string> description, string defaults = "{}")
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        AddOptions(defaults, entries);
        foreach (var (name, value) in description.Where(d => d.Key.StartsWith("model.", StringComparison.Ordinal)))
        {
            if (name == Options)
                AddOptions(value, entries);
            else
                entries[name["model.".Length..]] = value;
        }

        return entries;
    }

    private static void AddOptions(string json, Dictionary<string, string> entries)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            Add(document.RootElement, "");
        }
        catch (Exception foreign) when (foreign is JsonException or InvalidOperationException)
        {
            // Options that are not an object are compared as a whole.
            entries[Options] = json;
        }

        void Add(JsonElement options, string path)
        {
            foreach (var option in options.EnumerateObject())
            {
                if (option.Value.ValueKind != JsonValueKind.Object)
                    entries[path + option.Name] = option.Value.ToString();
                else
                {
                    // There may be no default.
                    entries.Remove(path + option.Name);
                    Add(option.Value, $"{path}{option.Name}.");
                }
            }
        }
    }
}
