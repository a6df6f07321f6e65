using System.Text.Json.Serialization.Metadata;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// A module that can be recreated from a file: it knows its options and its tokenizers, and saves them with its weights. A custom
/// model derives from it to have <see cref="Save"/>, and <see cref="ModelFile.Load{TModel}"/> recreates it.
/// </summary>
/// <example>
/// <code>
/// using var model = new Forecaster(size: 12, mean: 280.3f, deviation: 119.97f);
/// model.Save("forecaster.safetensors");
/// using var loaded = ModelFile.Load("forecaster.safetensors", nameof(Forecaster), file => new Forecaster(
///     file.ReadOption&lt;int>("size"), file.ReadOption&lt;float>("mean"), file.ReadOption&lt;float>("deviation")));
///
/// internal sealed class Forecaster : Model
/// {
///     private readonly int size;
///     private readonly float mean, deviation;
///     private readonly Linear layer;
///
///     public Forecaster(int size, float mean, float deviation)
///     {
///         (this.size, this.mean, this.deviation) = (size, mean, deviation);
///         layer = Register("layer", new Linear(size, 1, new RandomGenerator(seed: 1)));
///     }
///
///     // JsonObject is in System.Text.Json.Nodes.
///     protected override string OptionsJson =>
///         new JsonObject { ["size"] = size, ["mean"] = mean, ["deviation"] = deviation }.ToJsonString();
///
///     public Variable Forward(Variable x) => layer.Forward((x - mean) / deviation) * deviation + mean;
/// }
/// </code>
/// </example>
public abstract class Model : Module
{
    /// <summary>
    /// The name of this kind of model in files, such as <c>gpt</c>, by default the name of the class; a file of another kind is
    /// not loaded.
    /// </summary>
    public virtual string FileKind => GetType().Name;

    /// <summary>The backend that holds the weights, on which the model computes.</summary>
    /// <exception cref="InvalidOperationException">The model has no parameters.</exception>
    public Backend Backend => Parameters().FirstOrDefault()?.Value.Backend ?? throw new InvalidOperationException(
        $"{Kind}.Backend: the model has no parameters. Hint: register its layers, as in layer = Register(\"layer\", new Linear"
            + "(...)).");

    /// <summary>
    /// The options that the model was made with, as a string of JSON: <c>{"size":16}</c>. Override it if the constructor needs
    /// any; <see cref="ModelFile.ReadOption{T}"/> reads one of them, and
    /// <see cref="ModelFile.ReadOptions{TOptions}(JsonTypeInfo{TOptions})"/> all as a record.
    /// </summary>
    protected internal virtual string OptionsJson => "{}";

    /// <summary>
    /// The values of options that a file lacks because it was written before these options existed, as a JSON object.
    /// </summary>
    internal virtual string DefaultOptionsJson => "{}";

    /// <summary>
    /// The tokenizers to be saved, each under a unique name: <c>tokenizer</c>, or <c>source_tokenizer</c> and so on. A model that
    /// needs one overrides it, as in <c>protected override IEnumerable&lt;KeyValuePair&lt;string, Tokenizer>> Tokenizers =>
    /// [new("tokenizer", words)];</c>. <see cref="Save"/> cannot know that one was forgotten; loading fails at
    /// <see cref="ModelFile.RequireTokenizer"/> then, so save and load a new model once before training it for long.
    /// </summary>
    protected internal virtual IEnumerable<KeyValuePair<string, Tokenizer>> Tokenizers => [];

    /// <summary>
    /// Saves options, tokenizers and weights in one safetensors file, which <c>Load</c> of the model's class reads, with a
    /// checksum that detects damage. An earlier file stays whole until the new one is.
    /// </summary>
    /// <param name="path">
    /// The path of the file; or of a folder, which is created if necessary, for a file <c>model.safetensors</c> in it.
    /// </param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public void Save(string path) => ModelFile.Write(this, path);

    /// <summary>Checks that a tokenizer has as many tokens as the model.</summary>
    private protected Tokenizer? Fitting(Tokenizer? tokenizer, int vocabularySize, string name)
    {
        if (tokenizer is not null && tokenizer.Count != vocabularySize)
        {
            throw new ArgumentException($"{Kind}: {name} should have as many tokens as the model, {vocabularySize};"
                + $" got {tokenizer.Count}.", name);
        }

        return tokenizer;
    }
}
