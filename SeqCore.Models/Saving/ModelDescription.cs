using System.Text.Json;

namespace SeqCore.Models;

/// <summary>What files say of a model beside its weights: kind, options, tokenizers.</summary>
internal static class ModelDescription
{
    internal const string Kind = "model.kind", Options = "model.options", Tokenizer = "tokenizer";

    internal static string TokenizerKey(string name) => $"model.{name}";

    /// <summary>The description as files hold it.</summary>
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

    /// <summary>The same with an entry for each option, so that a comparison can name what differs.</summary>
    /// <param name="description">What a file says, or a model.</param>
    /// <param name="defaults">Options that stand for those which the description lacks.</param>
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
            // Options that are no object are compared as a whole.
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
                    // The default may be none.
                    entries.Remove(path + option.Name);
                    Add(option.Value, $"{path}{option.Name}.");
                }
            }
        }
    }
}
