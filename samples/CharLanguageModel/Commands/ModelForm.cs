using System.Globalization;
using SeqCore.Models;
using SeqCore.Tensors;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Kind and sizes of a model and the characters that it knows: what a checkpoint tells so that the model can be made again.</summary>
internal abstract record ModelForm
{
    /// <summary>The kind of a Transformer.</summary>
    public const string Gpt = "gpt";

    /// <summary>All kinds of models.</summary>
    public static string[] Kinds { get; } = ["rnn", "lstm", "gru", Gpt];

    /// <summary>One of <see cref="Kinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Width of the embedding.</summary>
    public required int Embedding { get; init; }

    /// <summary>Layers one above the other.</summary>
    public required int Layers { get; init; }

    /// <summary>Probability of dropout in training.</summary>
    public required float Dropout { get; init; }

    /// <summary>The characters.</summary>
    public required CharacterVocabulary Vocabulary { get; init; }

    /// <summary>For people.</summary>
    public abstract string Description { get; }

    /// <summary>Kind and number of layers, for people.</summary>
    protected string KindAndLayers => $"{Kind.ToUpperInvariant()}, {(Layers == 1 ? "1 layer" : $"{Layers} layers")}";

    /// <summary>Makes a model with its first weights.</summary>
    /// <param name="random">Draws the weights and later the masks of dropout.</param>
    public abstract LanguageModel Create(RandomGenerator random);

    /// <summary>Adds the form to a run's configuration.</summary>
    public virtual void AddTo(IDictionary<string, string> configuration)
    {
        configuration["model"] = Kind;
        configuration["embedding"] = Text(Embedding);
        configuration["layers"] = Text(Layers);
        configuration["dropout"] = Text(Dropout);
        configuration["vocabulary"] = Vocabulary.Characters;
    }

    /// <summary>The form that training options ask for.</summary>
    public static ModelForm Of(TrainingSettings settings, CharacterVocabulary vocabulary) => settings.Model == Gpt
        ? new GptForm
        {
            Kind = settings.Model,
            Embedding = settings.Embedding,
            Layers = settings.Layers,
            Heads = settings.Heads,
            Context = settings.Sequence,
            Dropout = settings.Dropout,
            Vocabulary = vocabulary,
        }
        : new RecurrentForm
        {
            Kind = settings.Model,
            Embedding = settings.Embedding,
            Hidden = settings.Hidden,
            Layers = settings.Layers,
            Dropout = settings.Dropout,
            Vocabulary = vocabulary,
        };

    /// <summary>Reads the form from a checkpoint.</summary>
    /// <exception cref="CheckpointException">It is not there, so that the checkpoint is not one of this program.</exception>
    public static ModelForm Of(CheckpointData checkpoint, string path)
    {
        var configuration = checkpoint.Configuration;
        var kind = Get("model");
        if (!Kinds.Contains(kind))
            throw new CheckpointException($"Checkpoint '{path}' holds a model of the kind '{kind}', which this program does not know. Name a checkpoint that its train command wrote.");
        var settings = new TrainingSettings { Model = kind, Embedding = Whole("embedding"), Layers = Whole("layers"), Dropout = (float)Number("dropout") };
        settings = kind == Gpt ? settings with { Heads = Whole("heads"), Sequence = Whole("context") } : settings with { Hidden = Whole("hidden") };
        return Of(settings, new CharacterVocabulary(Get("vocabulary")));

        string Get(string name) => configuration.GetValueOrDefault(name)
            ?? throw new CheckpointException($"Checkpoint '{path}' belongs to another program: its configuration has no '{name}'. Name a checkpoint that the train command wrote.");
        int Whole(string name) => (int)Number(name);
        double Number(string name) => double.TryParse(Get(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
            : throw new CheckpointException($"Checkpoint '{path}': '{name}' should be a number but is '{Get(name)}'. Name a checkpoint that the train command wrote.");
    }

    /// <summary>A number as configurations hold it.</summary>
    public static string Text(IFormattable value) => value.ToString(value is float ? "R" : null, CultureInfo.InvariantCulture);
}

/// <summary>A model with recurrent layers.</summary>
internal sealed record RecurrentForm : ModelForm
{
    /// <summary>Units of each layer.</summary>
    public required int Hidden { get; init; }

    /// <inheritdoc/>
    public override string Description => $"{KindAndLayers} of {Hidden}, embedding {Embedding}, vocabulary {Vocabulary.Count}";

    /// <inheritdoc/>
    public override LanguageModel Create(RandomGenerator random)
    {
        var kind = Kind switch { "rnn" => RecurrentKind.Rnn, "gru" => RecurrentKind.Gru, _ => RecurrentKind.Lstm };
        return new RecurrentLanguageModel(kind, Vocabulary.Count, Embedding, Hidden, Layers, Dropout, tieWeights: false, random);
    }

    /// <inheritdoc/>
    public override void AddTo(IDictionary<string, string> configuration)
    {
        base.AddTo(configuration);
        configuration["hidden"] = Text(Hidden);
    }
}

/// <summary>A Transformer.</summary>
internal sealed record GptForm : ModelForm
{
    /// <summary>Attention heads of each layer.</summary>
    public required int Heads { get; init; }

    /// <summary>The most characters that it can look back on.</summary>
    public required int Context { get; init; }

    /// <inheritdoc/>
    public override string Description =>
        $"{KindAndLayers} of {Embedding} channels, {(Heads == 1 ? "1 head" : $"{Heads} heads")}, context {Context}, vocabulary {Vocabulary.Count}";

    /// <inheritdoc/>
    public override LanguageModel Create(RandomGenerator random) => new SeqCore.Models.Gpt(
        new GptOptions
        {
            VocabularySize = Vocabulary.Count,
            MaximumLength = Context,
            Layers = Layers,
            HeadCount = Heads,
            ModelSize = Embedding,
            Dropout = Dropout,
        },
        random);

    /// <inheritdoc/>
    public override void AddTo(IDictionary<string, string> configuration)
    {
        base.AddTo(configuration);
        configuration["heads"] = Text(Heads);
        configuration["context"] = Text(Context);
    }
}
