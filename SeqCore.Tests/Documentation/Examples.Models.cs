using System.Text.Json.Nodes;
using SeqCore.Models;

namespace SeqCore.Tests.Documentation;

/// <summary>The examples of layers, models and their training.</summary>
public static partial class Examples
{
    public static void LinearExample()
    {
        // Example: T:SeqCore.Models.Linear
        using var layer = new Linear(inputSize: 4, outputSize: 2, new RandomGenerator(seed: 1));
        using var scope = new TensorScope();
        var y = layer.Forward(Tensor.Ones([8, 5, 4]));   // all axes but the last are kept
        Console.WriteLine(y.Shape);                      // (8, 5, 2)
        Console.WriteLine(layer.ParameterCount);         // 10
        // End
    }

    public static void Conv1dExample()
    {
        // Example: T:SeqCore.Models.Conv1d
        using var layer = new Conv1d(inputSize: 4, outputSize: 8, kernelSize: 3, new RandomGenerator(seed: 1),
            new() { Dilation = 2, Padding = Conv1dPadding.Causal });
        using var scope = new TensorScope();
        var y = layer.Forward(Tensor.Ones([2, 10, 4]));
        Console.WriteLine(y.Shape);               // (2, 10, 8)
        Console.WriteLine(layer.ReceptiveField);  // 5
        // End
    }

    public static void ConditionalRandomFieldExample()
    {
        // Example: T:SeqCore.Models.ConditionalRandomField
        string[] labels = ["O", "B-PER", "I-PER"];
        using var field = new ConditionalRandomField(3, new RandomGenerator(seed: 1), TagConstraints.Bio(labels));
        using var scope = new TensorScope();
        var emissions = Tensor.RandomNormal([2, 5, 3], new RandomGenerator(seed: 2));
        var tags = field.Decode(emissions, IndexTensor.FromArray([5, 3]));
        Console.WriteLine(tags[1].Length);  // 3
        // End
    }

    public static void CopyMechanismExample()
    {
        // Example: T:SeqCore.Models.CopyMechanism
        using var copy = new CopyMechanism(gateSize: 8, new RandomGenerator(seed: 1));
        using var scope = new TensorScope();
        Variable logits = Tensor.Zeros([1, 2, 10]), features = Tensor.Zeros([1, 2, 8]);
        Variable attention = Tensor.FromArray(new float[,,] { { { 1, 0, 0 }, { 0, 0.5f, 0.5f } } });
        var source = IndexTensor.FromArray(new[,] { { 7, 3, 4 } });
        var next = copy.Forward(logits, attention, features, source);
        Console.WriteLine(next.Value.ArgMax(-1).ToArray()[0]);  // 7
        // End
    }

    public static void EmbeddingExample()
    {
        // Example: T:SeqCore.Models.Embedding
        using var table = new Embedding(vocabularySize: 100, embeddingSize: 16, new RandomGenerator(seed: 1), paddingIndex: 0);
        using var tokens = IndexTensor.FromArray(new[,] { { 5, 7, 9 }, { 5, 0, 0 } });
        using var scope = new TensorScope();
        var vectors = table.Forward(tokens);
        Console.WriteLine(vectors.Shape);                            // (2, 3, 16)
        Console.WriteLine(vectors[1, 2].Value.Abs().Sum().Item());   // 0
        // End
    }

    public static void LstmExample()
    {
        // Example: T:SeqCore.Models.Lstm
        var options = new RecurrentLayerOptions { Layers = 2, Bidirectional = true };
        using var lstm = new Lstm(inputSize: 8, hiddenSize: 16, new RandomGenerator(seed: 1), options);
        using var scope = new TensorScope();
        var (output, state) = lstm.Forward(Tensor.Zeros([4, 10, 8]));   // 4 sequences of 10 steps
        Console.WriteLine(output.Shape);                                // (4, 10, 32)
        Console.WriteLine(state.Cell.Count);                            // 4
        Console.WriteLine(state.Cell[0].Shape);                         // (4, 16)
        // End
    }

    public static void GruExample()
    {
        // Example: T:SeqCore.Models.Gru
        using var gru = new Gru(inputSize: 3, hiddenSize: 6, new RandomGenerator(seed: 1));
        using var lengths = IndexTensor.FromArray([5, 2]);         // the second sequence is padded from step 2 on
        using var scope = new TensorScope();
        var (output, state) = gru.Forward(Tensor.Ones([2, 5, 3]), lengths: lengths);
        var last = output.Value[1, 1] - state.Hidden[0].Value[1];
        Console.WriteLine(last.Abs().Sum().Item());                // 0
        // End
    }

    public static void DropoutExample()
    {
        // Example: T:SeqCore.Models.Dropout
        using var dropout = new Dropout(0.5f, new RandomGenerator(seed: 1));
        using var scope = new TensorScope();
        var x = Tensor.Ones([1000]);
        Console.WriteLine(dropout.Forward(x).Value.Max().Item());   // 2
        dropout.Evaluate();
        Console.WriteLine(dropout.Forward(x).Value.Max().Item());   // 1
        // End
    }

    public static void SequentialExample()
    {
        // Example: T:SeqCore.Models.Sequential
        var random = new RandomGenerator(seed: 1);
        using var tagger = new Sequential(new Lstm(8, 32, random), new Dropout(0.1f, random), new Linear(32, 5, random));
        using var scope = new TensorScope();
        var logits = tagger.Forward(Tensor.Ones([2, 7, 8]));
        Console.WriteLine(logits.Shape);   // (2, 7, 5)
        // End
    }

    public static void AdamExample()
    {
        // Example: T:SeqCore.Models.Adam
        using var layer = new Linear(inputSize: 3, outputSize: 1, new RandomGenerator(seed: 1));
        ParameterGroup[] groups = [new([layer.Weight]) { WeightDecay = 0.01f }, new([layer.Bias!])];
        using var optimizer = new Adam(groups, learningRate: 0.003f);
        using var tape = new Tape();
        optimizer.ZeroGradients();
        tape.Backward(layer.Forward(Tensor.Ones([8, 3])).Mean());
        optimizer.Step();
        // End
    }

    public static void TrainerOptionsExample()
    {
        // Example: T:SeqCore.Models.TrainerOptions
        var options = new TrainerOptions
        {
            Steps = 10_000, EvaluateEvery = 500, Patience = 5,
            Folder = "runs/first", CheckpointEvery = 1000,
        };
        var trial = options with { Steps = 20, Folder = null };   // the same, but short and without files
        Console.WriteLine(trial.EvaluateEvery);                   // 500
        // End
    }

    public static void TrainerExample()
    {
        // Example: T:SeqCore.Models.Trainer
        using var model = new Linear(inputSize: 1, outputSize: 1, new RandomGenerator(seed: 1));
        var batches = new ShuffledBatches<float>([1f, 2f, 3f, 4f], batchSize: 2, seed: 1);
        using var task = TrainingTask.Of(model, batches, Error, evaluate: _ => Error([5f, 6f]).Value.Item());
        using var optimizer = new Adam(model.Parameters(), learningRate: 0.1f);
        var options = new TrainerOptions { Steps = 300, EvaluateEvery = 100, ClipNorm = null };
        var trainer = new Trainer(task, optimizer, options, new CosineSchedule(steps: 300));
        var evaluated = new List<long>();
        trainer.Evaluated += (_, evaluation) => evaluated.Add(evaluation.Step);
        var result = trainer.Run();
        Console.WriteLine(string.Join(", ", evaluated));     // 100, 200, 300
        Console.WriteLine(result.End);                       // Completed
        Console.WriteLine(result.ValidationLoss < 0.01);     // True

        Variable Error(IReadOnlyList<float> x)
        {
            var column = Tensor.FromSpan([.. x], [x.Count, 1]);
            return Loss.MeanSquaredError(model.Forward(column), 2f * column + 1f);
        }
        // End
    }

    public static void TrainingTaskExample()
    {
        // Example: T:SeqCore.Models.TrainingTask
        using var model = new Linear(inputSize: 1, outputSize: 1, new RandomGenerator(seed: 1));
        var batches = new ShuffledBatches<float>([1f, 2f, 3f, 4f], batchSize: 2, seed: 1);
        using var task = TrainingTask.Of(model, batches, Error, evaluate: _ => Error([5f, 6f]).Value.Item());
        using var optimizer = new Adam(model.Parameters(), learningRate: 0.05f);
        var result = new Trainer(task, optimizer, new TrainerOptions { Steps = 500 }).Run();
        Console.WriteLine(result.ValidationLoss < 0.01);       // True

        Variable Error(IReadOnlyList<float> x) => Loss.MeanSquaredError(model.Forward(Column(x, 1f)), Column(x, 2f));

        Tensor Column(IReadOnlyList<float> x, float factor) => Tensor.FromSpan([.. x.Select(v => factor * v)], [x.Count, 1]);
        // End
    }

    public static void LabelledBatchesExample()
    {
        // Example: T:SeqCore.Models.LabelledBatches
        LabelledSequence[] reviews = [new([5, 6, 7, 8], 1), new([8, 9], 0), new([6], 1)];
        using var batches = new LabelledBatches(reviews, batchSize: 3, seed: 1);
        var batch = batches.Next();                              // the source disposes it when it makes the next one
        Console.WriteLine(batch.Tokens.Shape);                   // (3, 4)
        Console.WriteLine(batch.Lengths.ToArray().Max());        // 4
        Console.WriteLine(batch.Labels!.ToArray().Sum());        // 2
        // End
    }

    public static void TextCorpusExample()
    {
        // Example: T:SeqCore.Models.TextCorpus
        var corpus = new TextCorpus("to be or not to be, that is the question", "Hamlet");
        Console.WriteLine(corpus.Tokens.Length);                                // 40
        Console.WriteLine(corpus.Tokenizer.Decode(corpus.Validation.Span));     // tion
        // End
    }

    public static void WordTokenizerExample()
    {
        // Example: T:SeqCore.Models.WordTokenizer
        var words = new WordTokenizer("The cat sat on the mat", maximumCount: 3);
        Console.WriteLine(string.Join(' ', words.Units));                // the cat mat
        var tokens = words.Encode("the CAT ran");
        Console.WriteLine(words.Decode(tokens));                         // the cat [UNK]
        // End
    }

    public static void TokenizedTextExample()
    {
        // Example: T:SeqCore.Models.TokenizedText
        var text = "The cat sat";
        var words = new WordTokenizer(text);
        var tokenized = words.EncodeWithOffsets(text);
        Console.WriteLine(text[tokenized.Ranges[1]]);      // cat
        // End
    }

    public static void BytePairTokenizerExample()
    {
        // Example: T:SeqCore.Models.BytePairTokenizer
        var pairs = BytePairTokenizer.Train(["low low lower lowest", "new newer"], vocabularySize: 262, ["<|endoftext|>"]);
        var tokens = pairs.Encode("lowest \u20AC");
        Console.WriteLine(pairs.Decode(tokens[0]));                      // low
        Console.WriteLine(pairs.Decode(tokens) == "lowest \u20AC");      // True
        Console.WriteLine(pairs.Special.End);                            // 0
        // End
    }

    public static void UnigramTokenizerExample()
    {
        // Example: T:SeqCore.Models.UnigramTokenizer
        string[] texts = ["low low lower lowest", "new newer newest", "low newest"];
        var pieces = UnigramTokenizer.Train(texts, vocabularySize: 280, ["<pad>"]);
        var tokens = pieces.Encode(" lowest \u20AC");
        Console.WriteLine(pieces.Decode(tokens) == " lowest \u20AC");      // True
        Console.WriteLine(pieces.Special.Padding);                         // 0
        // End
    }

    public static void WordPieceTokenizerExample()
    {
        // Example: T:SeqCore.Models.WordPieceTokenizer
        var pieces = new WordPieceTokenizer(["[PAD]", "[UNK]", "un", "##believ", "##able", "cafe", "!"]);
        Console.WriteLine(string.Join(' ', pieces.Encode("Unbelievable!")));          // 2 3 4 6
        Console.WriteLine(pieces.Decode(pieces.Encode("Unbelievable CAF\u00C9!")));   // unbelievable cafe!
        // End
    }

    public static void EncodingOptionsExample()
    {
        // Example: T:SeqCore.Models.EncodingOptions
        var words = new WordTokenizer("the cat sat on the mat");
        var options = new EncodingOptions { AddStartAndEnd = true, MaximumLength = 4 };
        var sequences = words.EncodeEach(["the cat sat", "the"], options);
        Console.WriteLine(words.Decode(sequences[0]));               // [CLS] the cat [SEP]
        using var batch = new PaddedBatch(sequences, words.Special.Padding ?? 0);
        Console.WriteLine(batch.Tokens.Shape);                       // (2, 4)
        // End
    }

    public static void IncrementalDecoderExample()
    {
        // Example: T:SeqCore.Models.IncrementalDecoder
        var pairs = BytePairTokenizer.Train(["a rose is a rose"], vocabularySize: 260);
        var decoder = pairs.NewDecoder();
        var parts = pairs.Encode("5 \u20AC").Select(decoder.Append);
        Console.WriteLine(string.Join('|', parts.Select(p => p.Length)));        // 1|1|0|0|1
        // End
    }

    public static void RecurrentLanguageModelExample()
    {
        // Example: T:SeqCore.Models.RecurrentLanguageModel
        var options = new RecurrentLanguageModelOptions { VocabularySize = 50, Kind = RecurrentKind.Gru, HiddenSize = 32 };
        using var model = new RecurrentLanguageModel(options, new RandomGenerator(seed: 1));
        using var tokens = IndexTensor.FromArray(new[,] { { 4, 8, 15, 16 } });
        using var scope = new TensorScope();
        var (_, state) = model.Forward(tokens[.., ..2]);
        var (logits, _) = model.Forward(tokens[.., 2..], state);   // goes on where the first half ended
        Console.WriteLine(logits.Shape);                           // (1, 2, 50)
        // End
    }

    public static void GptExample()
    {
        // Example: T:SeqCore.Models.Gpt
        var characters = new CharacterTokenizer("abcdefghijklmnopqrstuvwxyz ");
        var options = new GptOptions { VocabularySize = characters.Count, ModelSize = 32, HeadCount = 4, Layers = 2 };
        using var model = new Gpt(options, new RandomGenerator(seed: 1)) { Tokenizer = characters };
        var text = model.Generate("once upon a time", length: 10, Sampler.Greedy());   // untrained, so nonsense
        Console.WriteLine(text.Length);                                                // 10
        // End
    }

    public static void SamplerExample()
    {
        // Example: T:SeqCore.Models.Sampler
        var sampler = new Sampler(new RandomGenerator(seed: 1), temperature: 0.8f, topK: 2);
        float[] logits = [0f, 3f, -1f, 3f];
        var probabilities = new double[4];
        sampler.Probabilities(logits, probabilities);
        Console.WriteLine(string.Join(", ", probabilities));       // 0, 0.5, 0, 0.5
        Console.WriteLine(sampler.Next(logits) is 1 or 3);         // True
        // End
    }

    public static void ModuleExample()
    {
        // Example: T:SeqCore.Models.Module
        // The weights of any module, by name. (A Model has Save, which writes options and tokenizers too.)
        using var layer = new Linear(inputSize: 3, outputSize: 2, new RandomGenerator(seed: 1));
        SafetensorsFile.Write("layer.safetensors", layer.StateDictionary());
        using var file = SafetensorsFile.Open("layer.safetensors");
        layer.LoadStateDictionary(file.ReadAll());
        // End
    }

    public static void ModelExample()
    {
        // Example: T:SeqCore.Models.Model
        using var model = new Forecaster(size: 12, mean: 280.3f, deviation: 119.97f);
        model.Save("forecaster.safetensors");
        using var loaded = ModelFile.Load("forecaster.safetensors", nameof(Forecaster), file => new Forecaster(
            file.ReadOption<int>("size"), file.ReadOption<float>("mean"), file.ReadOption<float>("deviation")));
        // End
    }

    // Example: T:SeqCore.Models.Model
    internal sealed class Forecaster : Model
    {
        private readonly int size;
        private readonly float mean, deviation;
        private readonly Linear layer;

        public Forecaster(int size, float mean, float deviation)
        {
            (this.size, this.mean, this.deviation) = (size, mean, deviation);
            layer = Register("layer", new Linear(size, 1, new RandomGenerator(seed: 1)));
        }

        // JsonObject is in System.Text.Json.Nodes.
        protected internal override string OptionsJson =>
            new JsonObject { ["size"] = size, ["mean"] = mean, ["deviation"] = deviation }.ToJsonString();

        public Variable Forward(Variable x) => layer.Forward((x - mean) / deviation) * deviation + mean;
    }

    // End
    public static void LearningRateScheduleExample()
    {
        // Example: T:SeqCore.Models.LearningRateSchedule
        var schedule = new WarmUpSchedule(steps: 100, then: new CosineSchedule(steps: 900, minimum: 0.1), start: 0);
        Console.WriteLine(schedule.Factor(50));      // 0.5
        Console.WriteLine(schedule.Factor(100));     // 1
        Console.WriteLine(schedule.Factor(1000));    // 0.1

        // In a loop by hand, the factor multiplies the base rate; a Trainer does so itself.
        const float Peak = 0.01f;
        using var layer = new Linear(inputSize: 3, outputSize: 1, new RandomGenerator(seed: 1));
        using var optimizer = new Adam(layer.Parameters());
        for (var step = 0; step < 1000; step++)
        {
            using var tape = new Tape();
            tape.Backward(layer.Forward(Tensor.Ones([8, 3])).Square().Mean());
            optimizer.LearningRate = Peak * (float)schedule.Factor(step);
            optimizer.Step();
            optimizer.ZeroGradients();
        }

        Console.WriteLine($"{optimizer.LearningRate:0.000}");    // 0.001
        // End
    }

    public static void LossExample()
    {
        // Example: T:SeqCore.Models.Loss
        using var scope = new TensorScope();
        var target = Tensor.FromArray([1f, 2f, 3f, 4f]);
        var prediction = Tensor.FromArray([1f, 2f, 3f, 14f]);   // the last is far off
        Console.WriteLine(Loss.MeanSquaredError(prediction, target).Value.Item());   // 25
        Console.WriteLine(Loss.L1(prediction, target).Value.Item());                 // 2.5
        Console.WriteLine(Loss.Huber(prediction, target, delta: 1f).Value.Item());   // 2.375
        // End
    }
}
